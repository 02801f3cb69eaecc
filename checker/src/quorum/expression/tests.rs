use crate::quorum::{QuorumSystem, Replica};

fn error(reads: &str) -> String {
    QuorumSystem::from_expressions(None, reads, None).unwrap_err().to_string()
}

#[test]
fn names_that_look_alike_stay_apart() {
    let system = QuorumSystem::from_expressions(None, "\"a b\" * a_b * a-b", None).unwrap();
    assert_eq!(system.replicas().len(), 3);
    assert_eq!(system.replicas()[0].name, "a b");
}

#[test]
fn products_bind_tighter_than_sums_in_every_spelling() {
    for text in ["a + b * c", "a | b & c", "a or b and c", "any(a, all(b, c))", "a+(b*c)"] {
        let reads = QuorumSystem::from_expressions(None, text, None).unwrap().reads().clone();
        let quorum = |members: &[usize]| reads.is_quorum(&members.iter().copied().collect());
        assert!(quorum(&[0]) && quorum(&[1, 2]) && !quorum(&[1]) && !quorum(&[2]), "{text}");
    }
}

#[test]
fn errors_point_at_the_place() {
    assert!(error("a + ").contains("column 5"), "{}", error("a + "));
    assert!(error("é + $").contains("column 5: '$'"), "{}", error("é + $"));
    assert!(error("choose(4, a, b)").contains("choose(4, …) of 2 parts"));
    assert!(error("choose(0, a)").contains("choose(0"));
    assert!(error("weighted(9; a:2, b:3)").contains("can never, or always"));
    assert!(error("a:2").contains("found :"));
    assert!(error("frob(a)").contains("frob is no function"));
    assert!(error("").contains("found the end"));
    assert!(error("\"a").contains("does not end"));
    assert!(error("99999999999999999999").contains("is no number"));
}

#[test]
fn hostile_nesting_is_an_error_and_not_a_crash() {
    let deep = format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(error(&deep).contains("nested deeper"));
    let long = vec!["a"; 100_000].join(" + ");
    assert!(QuorumSystem::from_expressions(None, &long, None).is_ok());
}

#[test]
fn undeclared_names_are_errors_where_nodes_are_declared() {
    let nodes = Some(vec![Replica::new("a"), Replica::new("b")]);
    let error = QuorumSystem::from_expressions(nodes, "a * c", None).unwrap_err();
    assert_eq!(error.field, "reads");
    assert!(error.problem.contains("\"c\"") && error.mend.contains("a, b"));
}
