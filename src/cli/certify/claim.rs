//! What is to be certified: results, or a bare certificate.

use serde::Deserialize;
use serde_json::value::RawValue;
use tribunal_checker::model::Model;
use tribunal_checker::spec::SpecKind;

/// A result that claims something about a history.
#[derive(Debug)]
pub(super) struct Claim {
    /// The history's name when it was judged; a bare certificate has none.
    history: Option<String>,
    pub(super) model: Option<Model>,
    pub(super) spec: Option<SpecKind>,
    /// `consistent`, `violated` or what else the result says.
    pub(super) verdict: Option<String>,
    /// eventual: the settle time.
    pub(super) settle: Option<i64>,
    pub(super) certificate: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Raw {
    history: Option<String>,
    model: Option<String>,
    spec: Option<String>,
    verdict: Option<String>,
    settle: Option<i64>,
    certificate: Option<Box<RawValue>>,
}

impl Claim {
    /// Whether it is about the history of that name, and of the model that was asked for.
    pub(super) fn is_about(&self, name: &str, model: Option<Model>) -> bool {
        self.is_of(model) && self.history.as_ref().is_none_or(|history| history == name)
    }

    /// Whether it says anything that could be certified: a model that does not apply has no verdict.
    pub(super) fn claims_something(&self) -> bool {
        self.verdict.as_deref() != Some("inapplicable")
    }

    /// Whether it is of the model that was asked for.
    pub(super) fn is_of(&self, model: Option<Model>) -> bool {
        model.is_none() || self.model.is_none() || self.model == model
    }
}

/// The claims of a text: one JSON object, an array of them, or one a line.
pub(super) fn claims(text: &str) -> Result<Vec<Claim>, String> {
    if let Ok(objects) = serde_json::from_str::<Vec<Box<RawValue>>>(text) {
        return objects.into_iter().map(|object| claim(object).map_err(|error| error.to_string())).collect();
    }
    if let Ok(object) = serde_json::from_str::<Box<RawValue>>(text) {
        return claim(object).map(|claim| vec![claim]).map_err(|error| error.to_string());
    }
    let mut claims = Vec::new();
    for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = |error: Box<dyn std::error::Error>| format!("line {}: {error}", i + 1);
        let object = serde_json::from_str(line).map_err(|error: serde_json::Error| place(error.into()))?;
        claims.push(claim(object).map_err(place)?);
    }
    if claims.is_empty() { Err("there is no certificate in it".into()) } else { Ok(claims) }
}

fn claim(object: Box<RawValue>) -> Result<Claim, Box<dyn std::error::Error>> {
    let raw: Raw = serde_json::from_str(object.get())
        .map_err(|error| format!("expected a result, or a certificate: {error}"))?;
    if raw.verdict.is_none() {
        return Ok(Claim {
            history: None,
            model: None,
            spec: None,
            verdict: None,
            settle: None,
            certificate: Some(object),
        });
    }
    let model = raw
        .model
        .map(|name| Model::from_name(&name).ok_or_else(|| format!("`{name}` is no model known here")));
    let spec = raw
        .spec
        .map(|name| SpecKind::from_name(&name).ok_or_else(|| format!("`{name}` is no data type known here")));
    Ok(Claim {
        history: raw.history,
        model: model.transpose()?,
        spec: spec.transpose()?,
        verdict: raw.verdict,
        settle: raw.settle,
        certificate: raw.certificate,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULT: &str =
        r#"{"history":"a","model":"sequential","spec":"queue","verdict":"violated","certificate":{"x":1}}"#;

    #[test]
    fn results_come_alone_in_arrays_and_in_lines() {
        for text in [RESULT.to_owned(), format!("[{RESULT},\n {RESULT}]"), format!("{RESULT}\n\n{RESULT}\n")]
        {
            let claims = claims(&text).unwrap();
            assert!(claims.iter().all(|claim| claim.is_about("a", Some(Model::Sequential))), "{text}");
            assert!(!claims[0].is_about("b", None));
            assert!(!claims[0].is_of(Some(Model::Strict)));
            assert_eq!(claims[0].spec, Some(SpecKind::Queue));
            assert_eq!(claims[0].certificate.as_ref().map(|json| json.get()), Some("{\"x\":1}"));
        }
    }

    #[test]
    fn a_bare_certificate_fits_any_history() {
        let claims = claims("{\"view\":[1,\n0]}").unwrap();
        assert!(claims[0].is_about("anything", Some(Model::Strict)));
    }

    #[test]
    fn what_is_no_claim_is_refused() {
        for text in ["", "\n", "17", "[1]", "{", "{}\n{", r#"{"verdict":"violated","model":"magic"}"#] {
            assert!(claims(text).is_err(), "{text}");
        }
    }
}
