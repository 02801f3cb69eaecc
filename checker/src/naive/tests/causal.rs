//! causal, causal-weak, causal-convergent: the figures of Bouajjani et al. (POPL 2017) and of the textbook.

use super::expect;

#[test]
fn textbook_figures() {
    let concurrent = "P1: W(x)a W(x)c\nP2: R(x)a W(x)b\nP3: R(x)a R(x)c R(x)b\nP4: R(x)a R(x)b R(x)c";
    expect(concurrent, "causal yes, sequential no, causal-weak yes, causal-convergent no");
    let ordered = "P1: W(x)a\nP2: R(x)a W(x)b\nP3: R(x)b R(x)a\nP4: R(x)a R(x)b";
    expect(ordered, "causal no, causal-weak no, causal-convergent no, fifo yes");
    expect("P1: W(x)a\nP2: W(x)b\nP3: R(x)b R(x)a\nP4: R(x)a R(x)b", "causal yes, causal-convergent no");
}

#[test]
fn what_separates_the_three() {
    // CCv, not CM: both processes overwrite, then read the other's value, and then their own flag.
    let convergent = "P: W(z)1 W(x)1 W(y)1\nQ: W(x)2 R(z)NIL R(y)1 R(x)2";
    expect(convergent, "causal-convergent yes, causal no, causal-weak yes");
    // CM, not CCv.
    expect("P: W(x)1 R(x)2\nQ: W(x)2 R(x)1", "causal yes, causal-convergent no, causal-weak yes");
    // CC only: back and forth between concurrent writes.
    expect("P: W(x)1\nQ: W(x)2 R(x)1 R(x)2", "causal-weak yes, causal no, causal-convergent no");
}

#[test]
fn causal_order_has_no_cycle() {
    let load_buffering = "P: R(x)1 W(y)1\nQ: R(y)1 W(x)1";
    expect(load_buffering, "causal no, causal-weak no, causal-convergent no, fifo yes, processor yes");
    expect("P: R(x)1 W(x)1", "causal no, slow no, cache no, causal-weak no");
    // Nothing comes after an info operation.
    expect("P: R(x)1 W(y)1?\nQ: R(y)1 W(x)1", "causal no");
    expect("P: C(x)1>2? W(y)1\nQ: R(y)1 W(x)1 R(x)2", "causal yes");
}

#[test]
fn causal_reads_from_the_write_and_not_just_its_value() {
    // Each process's view may take either 1, but co must be the same for all.
    let twice = "P: W(y)1 W(x)1\nQ: W(x)1\nR: R(x)1 R(y)NIL\nS: R(x)1 R(y)1";
    expect(twice, "causal yes");
    expect("P: W(y)1 W(x)1\nR: R(x)1 R(y)NIL", "causal no, fifo no");
}
