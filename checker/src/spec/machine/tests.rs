//! Each machine against its specification: the same steps, and one number for each state.

use crate::history::{Datum, KeyId, Value};
use crate::limits::Meter;
use crate::spec::testing::{int, value};
use crate::spec::{
    Access, AppendList, AppendListOp, AppendListRet, Element, MultiRegister, MultiRegisterOp,
    MultiRegisterRet, Piece, Priority, PriorityQueue, PriorityQueueOp, PriorityQueueRet, Queue, QueueOp,
    QueueRet, RecordedSpec, Register, RegisterOp, RegisterRet, Sequence, Set, SetOp, SetRet, Stack, StackOp,
    StackRet,
};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Mutex;

type Actions<S> =
    Vec<(<S as crate::spec::SequentialSpec>::Op, Option<<S as crate::spec::SequentialSpec>::Ret>)>;

/// Takes the walk's steps, each (from which of the states met so far, which action), and compares; from two threads, which
/// share the machine and take the steps in opposite orders.
fn agree<S: RecordedSpec>(spec: &S, actions: &Actions<S>, walk: &[(usize, usize)]) {
    agree_on(spec, actions, walk, &|_| false);
}

/// Likewise, where a number is of a state and of how many steps for which `counts` holds led to it.
fn agree_on<S: RecordedSpec>(
    spec: &S,
    actions: &Actions<S>,
    walk: &[(usize, usize)],
    counts: &(dyn Fn(&S::Op) -> bool + Sync),
) {
    let meter = Meter::unlimited();
    let machine = spec.machine(actions, &meter).expect("no limit");
    let numbers = Mutex::new(HashMap::from([((spec.initial(), 0), machine.initial())]));
    let meet = |state: &S::State, count: usize, number: u32| {
        let mut numbers = numbers.lock().unwrap();
        assert_eq!(
            *numbers.entry((state.clone(), count)).or_insert(number),
            number,
            "a state has one number"
        );
        let same = numbers.values().filter(|&&other| other == number).count();
        assert_eq!(same, 1, "a number is of one state");
    };
    let run = |walk: &mut dyn Iterator<Item = &(usize, usize)>| {
        let mut met = vec![(spec.initial(), 0, machine.initial())];
        for &(from, action) in walk {
            let (state, count, number) = met[met.len() - 1 - from % met.len()].clone();
            let action = action % actions.len();
            let mut next = Vec::new();
            spec.step(&state, &actions[action].0, actions[action].1.as_ref(), &mut next);
            let after = machine.step(number, u32::try_from(action).unwrap()).unwrap();
            assert_eq!(after.as_slice().len(), next.len(), "{state:?} {:?}", actions[action]);
            for (state, &number) in next.into_iter().zip(after.as_slice()) {
                let count = count + usize::from(counts(&actions[action].0));
                meet(&state, count, number);
                met.push((state, count, number));
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| run(&mut walk.iter()));
        run(&mut walk.iter().rev());
    });
}

/// Mostly from the last state, sometimes from one before.
fn walk() -> impl Strategy<Value = Vec<(usize, usize)>> {
    vec((prop_oneof![3 => Just(0), 1 => 0..20_usize], 0..1000_usize), 0..60)
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![3 => (0..3_i64).prop_map(value), 1 => Just(Value::NULL), 1 => Just(Value::ABSENT)]
}

fn register() -> impl Strategy<Value = Actions<Register>> {
    let op = prop_oneof![
        Just(RegisterOp::Read),
        values().prop_map(RegisterOp::Write),
        (values(), values()).prop_map(|(old, new)| RegisterOp::Cas(old, new)),
    ];
    let ret = prop_oneof![
        Just(RegisterRet::Written),
        values().prop_map(RegisterRet::Value),
        any::<bool>().prop_map(RegisterRet::Swapped),
    ];
    vec((op, prop::option::of(ret)), 1..12)
}

fn stack() -> impl Strategy<Value = Actions<Stack>> {
    let op = prop_oneof![2 => Just(StackOp::Pop), 1 => values().prop_map(StackOp::Push)];
    let ret = prop_oneof![Just(StackRet::Pushed), prop::option::of(values()).prop_map(StackRet::Popped)];
    vec((op, prop::option::of(ret)), 1..12)
}

/// Without or with dequeues that may take anything: the two machines.
fn queue() -> impl Strategy<Value = Actions<Queue>> {
    let enqueue = || values().prop_map(|value| (QueueOp::Enqueue(value), None));
    let taken =
        || prop::option::of(values()).prop_map(|value| (QueueOp::Dequeue, Some(QueueRet::Dequeued(value))));
    let absurd = Just((QueueOp::Dequeue, Some(QueueRet::Enqueued)));
    let anything = Just((QueueOp::Dequeue, None));
    prop_oneof![
        vec(prop_oneof![3 => enqueue(), 6 => taken(), 1 => absurd], 1..12),
        vec(prop_oneof![enqueue(), taken(), anything], 1..12),
    ]
}

/// Texts of lengths about a label's, of few letters so that pieces meet.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[ab]{0,3}", "[ab]{6,8}", "(a|\0|é){0,9}", "a{0,20}"]
}

fn elements() -> impl Strategy<Value = Element> {
    prop_oneof![4 => values().prop_map(Element::Value), 1 => Just(Element::Extra([1].into()))]
}

fn sequences() -> impl Strategy<Value = Sequence> {
    prop_oneof![
        texts().prop_map(|text| Sequence::text(&text)),
        vec(elements(), 0..3).prop_map(|elements| Sequence::list(&elements)),
    ]
}

/// One kind of content, or both, where appends may be illegal.
fn append_list() -> impl Strategy<Value = Actions<AppendList>> {
    let op = prop_oneof![
        2 => Just(AppendListOp::Read),
        3 => texts().prop_map(|text| AppendListOp::Append(Piece::Text(text.into()))),
        2 => elements().prop_map(|element| AppendListOp::Append(Piece::Element(element))),
        1 => sequences().prop_map(AppendListOp::Put),
    ];
    let ret = prop_oneof![2 => Just(AppendListRet::Done), 1 => sequences().prop_map(AppendListRet::Content)];
    vec((op, prop::option::of(ret)), 1..16)
}

/// Elements of several words.
fn members() -> impl Strategy<Value = Element> {
    prop_oneof![2 => elements(), 1 => (0..200_i64).prop_map(|int| Element::Value(value(int)))]
}

fn set() -> impl Strategy<Value = Actions<Set>> {
    let op = prop_oneof![
        3 => members().prop_map(SetOp::Add),
        1 => members().prop_map(SetOp::Remove),
        1 => members().prop_map(SetOp::Contains),
        2 => Just(SetOp::Read),
    ];
    let list = vec(members(), 0..4).prop_map(|mut elements| {
        elements.sort();
        SetRet::Elements(elements.into())
    });
    vec((op, prop::option::of(prop_oneof![2 => any::<bool>().prop_map(SetRet::Answer), 1 => list])), 1..30)
}

fn priorities() -> impl Strategy<Value = Priority> {
    let datum =
        prop_oneof![3 => (0..4_i64).prop_map(int), 1 => Just(Datum::Float(1.5)), 1 => Just(Datum::text("a"))];
    datum.prop_map(Priority::from)
}

fn priority_queue() -> impl Strategy<Value = Actions<PriorityQueue>> {
    let op = prop_oneof![Just(PriorityQueueOp::Poll), priorities().prop_map(PriorityQueueOp::Insert)];
    let ret = prop_oneof![
        Just(PriorityQueueRet::Inserted),
        prop::option::of(priorities()).prop_map(PriorityQueueRet::Polled),
    ];
    vec((op, prop::option::of(ret)), 1..16)
}

fn multi_register() -> impl Strategy<Value = Actions<MultiRegister>> {
    let key = || (0..5_u32).prop_map(KeyId);
    let access = prop_oneof![
        key().prop_map(Access::Read),
        (key(), values()).prop_map(|(key, value)| Access::Write(key, value)),
    ];
    let op = prop_oneof![
        3 => vec(access, 0..4).prop_map(|accesses| MultiRegisterOp::Txn(accesses.into())),
        1 => (key(), values(), values()).prop_map(|(key, old, new)| MultiRegisterOp::Cas(key, old, new)),
    ];
    let ret = prop_oneof![
        2 => vec(values(), 0..3).prop_map(|reads| MultiRegisterRet::Reads(reads.into())),
        1 => any::<bool>().prop_map(MultiRegisterRet::Swapped),
    ];
    vec((op, prop::option::of(ret)), 1..16)
}

proptest! {
    #[test]
    fn registers(initial in values(), actions in register(), walk in walk()) {
        agree(&Register { initial }, &actions, &walk);
    }

    #[test]
    fn stacks(initial in vec(values(), 0..3), actions in stack(), walk in walk()) {
        agree(&Stack { initial }, &actions, &walk);
    }

    #[test]
    fn queues(initial in vec(values(), 0..9), actions in queue(), walk in walk()) {
        let anything = actions.contains(&(QueueOp::Dequeue, None));
        agree_on(&Queue { initial }, &actions, &walk, &|op| !anything && *op != QueueOp::Dequeue);
    }

    #[test]
    fn append_lists(initial in sequences(), actions in append_list(), walk in walk()) {
        agree(&AppendList { initial }, &actions, &walk);
    }

    #[test]
    fn sets(initial in vec(members(), 0..4), actions in set(), walk in walk()) {
        agree(&Set { initial }, &actions, &walk);
    }

    #[test]
    fn priority_queues(initial in vec(priorities(), 0..4), actions in priority_queue(), walk in walk()) {
        agree(&PriorityQueue { initial }, &actions, &walk);
    }

    #[test]
    fn multi_registers(initial in values(), of in values(), actions in multi_register(), walk in walk()) {
        agree(&MultiRegister { initial, initial_of: [(KeyId(1), of)].into() }, &actions, &walk);
    }
}

/// Does all actions in order, and says what memory that took.
fn spent<S: RecordedSpec>(spec: &S, actions: &Actions<S>) -> u64 {
    let meter = Meter::unlimited();
    let machine = spec.machine(actions, &meter).expect("no limit");
    let mut state = machine.initial();
    for action in 0..u32::try_from(actions.len()).unwrap() {
        state = machine.step(state, action).unwrap().as_slice()[0];
    }
    meter.spent()
}

#[test]
fn a_step_costs_no_more_in_a_large_state() {
    let values: Vec<_> = (0..20_000).map(value).collect();
    let of = |value: &Value| Element::Value(*value);
    let most = values.len() as u64 * 1024;
    assert!(
        spent(&Stack::default(), &values.iter().map(|value| (StackOp::Push(*value), None)).collect()) < most
    );
    assert!(
        spent(&Set::default(), &values.iter().map(|value| (SetOp::Add(of(value)), None)).collect()) < most
    );
    let enqueue = |value: &Value| (QueueOp::Enqueue(*value), Some(QueueRet::Enqueued));
    assert!(spent(&Queue::default(), &values.iter().map(enqueue).collect()) < most);
    let append = |value| (AppendListOp::Append(Piece::Element(of(value))), None);
    assert!(spent(&AppendList::default(), &values.iter().map(append).collect()) < most);
    let insert = |int| (PriorityQueueOp::Insert(Datum::Int(int).into()), None);
    assert!(spent(&PriorityQueue::default(), &(0..20_000).map(insert).collect()) < most);
    let write = |key| (MultiRegisterOp::Txn([Access::Write(KeyId(key), value(1))].into()), None);
    let map = MultiRegister { initial: Value::NULL, initial_of: [].into() };
    assert!(spent(&map, &(0..20_000).map(write).collect()) < most);
}
