use super::super::monitor::{Monitor, Step};
use super::*;
use crate::spec::{Plain, Registers, RegistersOp, RegistersRet};
use crate::{Call, Calls, Limits, Model, Verdict, check_calls};

type Store = Registers<u8, u8>;

#[test]
fn a_stale_read_is_seen_when_it_returns() {
    let recorder = Recorder::<Store>::new(|| 0);
    let watch = Watch::by_hand(&recorder, Store::new());
    let (mut a, mut b) = (recorder.client(), recorder.client());
    a.invoke(RegistersOp::write(0, 1)).ok(RegistersRet::Written);
    a.invoke(RegistersOp::write(0, 2)).ok(RegistersRet::Written);
    assert!(matches!(watch.poll(), Seen::Fine { until } if until > 3));
    let read = b.invoke(RegistersOp::read(0));
    assert!(matches!(watch.poll(), Seen::Fine { .. }));
    read.ok(RegistersRet::read(1));
    let Seen::Violated { call, .. } = watch.poll() else { panic!("not seen") };
    assert_eq!(call, "read 0 → 1");
    assert!(watch.is_violated());
    a.invoke(RegistersOp::write(0, 3)).ok(RegistersRet::Written);
    assert!(matches!(watch.stop(), Seen::Violated { .. }), "once is for ever");
}

#[test]
fn memory_is_what_is_pending() {
    let recorder = Recorder::<Store>::new(|| 0);
    let watch = Watch::by_hand(&recorder, Store::new());
    let mut clients: Vec<_> = (0..3).map(|_| recorder.client()).collect();
    for round in 0..2000_u32 {
        let value = (round % 200) as u8;
        let pending: Vec<_> =
            clients.iter_mut().map(|client| client.invoke(RegistersOp::write(0, value))).collect();
        pending.into_iter().for_each(|call| call.ok(RegistersRet::Written));
        assert!(matches!(watch.poll(), Seen::Fine { .. }));
    }
    let reader = watch.inner.reader.lock().unwrap();
    assert!(reader.events.is_empty());
    assert_eq!(reader.monitors[&Store::new().partition(&RegistersOp::read(0)).unwrap()].size(), (1, 0));
}

#[test]
fn a_call_of_unknown_outcome_may_take_effect_late() {
    let recorder = Recorder::<Store>::new(|| 0);
    let watch = Watch::by_hand(&recorder, Store::new());
    let mut client = recorder.client();
    client.invoke(RegistersOp::write(0, 1)).unknown();
    client.invoke(RegistersOp::read(0)).ok(RegistersRet::read(None));
    client.invoke(RegistersOp::read(0)).ok(RegistersRet::read(1));
    assert!(matches!(watch.poll(), Seen::Fine { .. }));
    client.invoke(RegistersOp::read(0)).ok(RegistersRet::read(None));
    assert!(matches!(watch.poll(), Seen::Violated { .. }), "but not go back");
}

#[test]
fn what_it_cannot_follow_is_unknown() {
    let recorder = Recorder::<Store>::new(|| 0);
    let watch = Watch::by_hand(&recorder, Store::new());
    let mut client = recorder.client();
    for value in 0..40 {
        client.invoke(RegistersOp::write(0, value)).unknown();
    }
    client.invoke(RegistersOp::read(0)).ok(RegistersRet::read(39));
    assert!(matches!(watch.poll(), Seen::Unknown { .. }));

    type Half = Plain<u8, Option<u8>, ()>;
    let half = || Half::nondeterministic(0, |_, _, _, _| {}).partition_by(|op| op.unwrap_or(0));
    assert_eq!(half().partition(&None), half().partition(&Some(0)));
}

/// Random histories: the monitor and the engine agree on every one.
#[test]
fn the_monitor_agrees_with_the_engine() {
    let mut seed = 7_u64;
    let mut random = move |bound: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 33) % bound
    };
    let mut violated = 0;
    for _ in 0..400 {
        let mut calls = Vec::new();
        for process in 0..3 {
            let mut at = random(4) as i64;
            for _ in 0..2 {
                let end = at + 1 + random(8) as i64;
                let (op, ret) = match random(2) {
                    0 => (RegistersOp::write(0, random(3) as u8), RegistersRet::Written),
                    _ => (
                        RegistersOp::read(0),
                        RegistersRet::read([None, Some(0), Some(1), Some(2)][random(4) as usize]),
                    ),
                };
                let outcome = if random(8) == 0 { Outcome::Info } else { Outcome::Ok };
                // Distinct instants, as a recorder gives them.
                let (start, end) = (at * 8 + process, end * 8 + process);
                let ret = (outcome == Outcome::Ok).then_some(ret);
                calls.push(Call { process: calls.len() as u64, op, ret, outcome, start, end });
                at = end / 8 + 1;
            }
        }
        let calls: Calls<Store> = Calls::new(calls);
        let verdict = check_calls(&Store::new(), &calls, Model::Linearizable, &Limits::default()).unwrap();
        let mut events: Vec<(i64, i64, bool)> = Vec::new();
        for call in calls.iter() {
            events.push((call.start, call.start, false));
            if call.outcome == Outcome::Ok {
                events.push((call.end, call.start, true));
            }
        }
        events.sort_unstable();
        let mut monitor = Monitor::new(&Store::new());
        let mut step = Step::Fine;
        for (_, id, returns) in events {
            let call = calls.iter().find(|call| call.start == id).unwrap();
            if returns {
                step = monitor.respond(&Store::new(), id);
            } else {
                monitor.invoke(&Store::new(), id, call.op.clone(), call.ret.clone());
            }
            if step != Step::Fine {
                break;
            }
        }
        assert_ne!(step, Step::TooMany);
        assert_eq!(step == Step::Violated, matches!(verdict, Verdict::Violated(_)), "{calls:?}");
        violated += usize::from(step == Step::Violated);
    }
    assert!((50..350).contains(&violated), "{violated} of 400 are violated");
}

#[test]
fn it_stops_a_test_that_runs() {
    let recorder = Recorder::<Store>::default();
    let watch = recorder.watch(Store::new());
    let mut client = recorder.client();
    let mut calls = 0;
    while !watch.is_violated() {
        client.invoke(RegistersOp::write(0, 1)).ok(RegistersRet::Written);
        client.invoke(RegistersOp::read(0)).ok(RegistersRet::read(if calls < 100 { 1 } else { 9 }));
        calls += 1;
        thread::sleep(Duration::from_micros(50));
    }
    assert!(matches!(watch.stop(), Seen::Violated { .. }));
    let calls = recorder.finish();
    let verdict = check_calls(&Store::new(), &calls, Model::Linearizable, &Limits::default()).unwrap();
    assert!(matches!(verdict, Verdict::Violated(_)));
}
