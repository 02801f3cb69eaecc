//! One door to the engine: a history, what it is a history of, a model, limits.

use crate::checker::engine;
use crate::{
    Call, CallError, Calls, CheckError, History, Limits, Model, Options, SequentialSpec, SpecKind, Verdict,
    check_calls,
};

/// A history that can be judged by specifications of type `S`: [`Calls`] and slices of [`Call`] by their own
/// [`SequentialSpec`], a [`History`] by a [`SpecKind`] or by [`Options`].
pub trait Judged<S: ?Sized> {
    /// Why it cannot be judged.
    type Error;

    /// Judges it.
    ///
    /// # Errors
    /// If it cannot be judged.
    fn judge(&self, spec: &S, model: Model, limits: &Limits) -> Result<Verdict, Self::Error>;
}

impl<S: SequentialSpec> Judged<S> for [Call<S::Op, S::Ret>] {
    type Error = CallError;

    fn judge(&self, spec: &S, model: Model, limits: &Limits) -> Result<Verdict, CallError> {
        check_calls(spec, self, model, limits)
    }
}

impl<S: SequentialSpec> Judged<S> for Calls<S> {
    type Error = CallError;

    fn judge(&self, spec: &S, model: Model, limits: &Limits) -> Result<Verdict, CallError> {
        check_calls(spec, self, model, limits)
    }
}

impl Judged<SpecKind> for History {
    type Error = CheckError;

    fn judge(&self, spec: &SpecKind, model: Model, limits: &Limits) -> Result<Verdict, CheckError> {
        let options = Options { spec: Some(*spec), limits: limits.clone(), ..Options::default() };
        Ok(engine::check(self, model, &options)?.verdict)
    }
}

impl Judged<Options> for History {
    type Error = CheckError;

    /// The limits given here count, not those of the options.
    fn judge(&self, options: &Options, model: Model, limits: &Limits) -> Result<Verdict, CheckError> {
        let options = Options { limits: limits.clone(), ..options.clone() };
        Ok(engine::check(self, model, &options)?.verdict)
    }
}

/// Judges a history by a consistency model.
///
/// Typed calls are judged by the one-view models: strict, linearizable, sequential. A recorded [`History`] is judged by
/// any; [`checker::engine::check`] gives more than the verdict.
///
/// # Errors
/// If the history cannot be judged: it is malformed, or the model is not about its kind.
///
/// # Complexity
/// As the engine's: NP-complete in general for the one-view models.
///
/// # Examples
/// ```
/// use tribunal::spec::{Registers, RegistersOp, RegistersRet};
/// use tribunal::{Limits, Model, Recorder, Verdict, check};
///
/// let recorder = Recorder::<Registers<String, u32>>::default();
/// let mut client = recorder.client();
/// client.invoke(RegistersOp::write("x", 1)).ok(RegistersRet::Written);
/// client.invoke(RegistersOp::read("x")).ok(RegistersRet::read(None));
/// let verdict = check(&recorder.finish(), &Registers::new(), Model::Linearizable, &Limits::default())?;
/// assert!(matches!(verdict, Verdict::Violated(_)), "the write is lost");
/// # Ok::<(), tribunal::CallError>(())
/// ```
///
/// [`checker::engine::check`]: crate::checker::engine::check
pub fn check<S: ?Sized, H: Judged<S> + ?Sized>(
    history: &H,
    spec: &S,
    model: Model,
    limits: &Limits,
) -> Result<Verdict, H::Error> {
    history.judge(spec, model, limits)
}
