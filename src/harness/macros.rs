//! The assertion.

/// Asserts that a history satisfies a model, and proves something.
///
/// `assert_consistent!(history, spec, model)` or `assert_consistent!(history, spec, model, trial)`, with a
/// [`Trial`](crate::Trial) for limits and requirements; gives what [`Passed`](crate::Passed). `history` is an expression
/// of [`Calls`](crate::Calls), or a reference to them: the run of the system, best. With `TRIBUNAL_REPLAY=path` in the
/// environment it is not evaluated, and the saved history at `path` is judged instead.
///
/// # Panics
/// If the history violates the model, a limit is reached, or the history proves too little. The message explains the
/// violation with a picture, and says where the history is saved and how to judge it again. With `TRIBUNAL_REPORT_DIR`
/// set, history and message are saved there.
///
/// # Examples
/// ```
/// use tribunal::spec::{Registers, RegistersOp, RegistersRet};
/// use tribunal::{Model, Recorder, assert_consistent};
///
/// type Store = Registers<String, u32>;
///
/// fn run() -> tribunal::Calls<Store> {
///     let recorder = Recorder::<Store>::default();
///     let (mut writer, mut reader) = (recorder.client(), recorder.client());
///     let write = writer.invoke(RegistersOp::write("x", 1));
///     let read = reader.invoke(RegistersOp::read("x"));
///     write.ok(RegistersRet::Written);
///     read.ok(RegistersRet::read(1));
///     recorder.finish()
/// }
///
/// assert_consistent!(run(), Store::new(), Model::Linearizable);
/// ```
#[macro_export]
macro_rules! assert_consistent {
    ($history:expr, $spec:expr, $model:expr $(,)?) => {
        $crate::assert_consistent!($history, $spec, $model, $crate::Trial::new())
    };
    ($history:expr, $spec:expr, $model:expr, $trial:expr $(,)?) => {{
        let (spec, trial) = (&$spec, $trial);
        let place = $crate::Place { package: ::core::env!("CARGO_PKG_NAME"), module: ::core::module_path!() };
        let calls = match $crate::replay(spec, &place) {
            ::core::option::Option::Some(saved) => saved,
            ::core::option::Option::None => $crate::Calls::from($history),
        };
        trial.hold(&calls, spec, $model, &place)
    }};
}
