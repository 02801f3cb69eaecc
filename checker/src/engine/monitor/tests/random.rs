//! Random small histories: intervals of varied length with ties, values that mostly occur once, results that are often
//! nearly right, operations without return.

use crate::history::{Datum, Function, History, HistoryBuilder, Micro, OpId, Operation, Outcome, Value};
use crate::spec::SpecKind;

/// A generator of random numbers (splitmix64).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(0x9e37_79b9))
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ z >> 31) % bound.max(1)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }

    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What an operation is to be.
struct Step {
    function: Function,
    values: [Option<i64>; 2],
    list: Option<Vec<i64>>,
    text: Option<String>,
    answer: Option<bool>,
    outcome: Outcome,
    shared: bool,
    process: i64,
}

impl Step {
    fn new(function: Function, value: Option<i64>) -> Self {
        Self {
            function,
            values: [value, None],
            list: None,
            text: None,
            answer: None,
            outcome: Outcome::Ok,
            shared: false,
            process: -1,
        }
    }
}

/// A random history of a data type; of queues, stacks and priority queues, some are recorded from a run, and then perhaps
/// changed a little.
pub(super) fn history(kind: SpecKind, length: u64, random: &mut Random) -> History {
    let spread = [length * 3, length * 10, length * 2][random.below(3) as usize];
    let mut starts: Vec<i64> = (0..length).map(|_| random.below(spread) as i64).collect();
    starts.sort_unstable();
    let longest = [4, 12, 30][random.below(3) as usize];
    let intervals: Vec<(i64, i64)> =
        starts.into_iter().map(|start| (start, start + random.below(longest) as i64)).collect();
    let steps = match kind {
        SpecKind::Register => register(random, length),
        SpecKind::Queue | SpecKind::Stack | SpecKind::PriorityQueue if random.chance(50) => {
            recorded(random, kind, &intervals)
        }
        SpecKind::Queue => container(random, length, Function::Enqueue, Function::Dequeue),
        SpecKind::Stack => container(random, length, Function::Push, Function::Pop),
        SpecKind::PriorityQueue => container(random, length, Function::Insert, Function::Poll),
        SpecKind::AppendList if random.chance(50) => string(random, length),
        SpecKind::AppendList => list(random, length),
        SpecKind::Counter => counter(random, length),
        SpecKind::Set => set(random, length),
        SpecKind::Mutex | SpecKind::Semaphore => lock(random, length),
        _ => unreachable!("no random histories of this type"),
    };
    let mut builder = HistoryBuilder::new();
    if matches!(kind, SpecKind::Register | SpecKind::Semaphore) {
        let initial = builder.int(if kind == SpecKind::Semaphore { 1 + random.below(2) as i64 } else { 0 });
        builder.set_initial(initial);
    }
    // The clocks of processes with several operations: these must not overlap, nor touch.
    let mut clocks = [-1_i64; 3];
    for (index, (step, (start, end))) in (0..).zip(steps.iter().zip(intervals)) {
        let clock = usize::try_from(step.process).ok();
        let late = clock.map_or(0, |process| (clocks[process] + 1 - start).max(0));
        let (start, end) = (start + late, end + late);
        if let Some(process) = clock {
            clocks[process] = end;
        }
        push(&mut builder, step, index, start, end);
    }
    builder.finish().expect("well formed")
}

fn push(builder: &mut HistoryBuilder, step: &Step, index: i64, start: i64, end: i64) {
    let process = builder.process_int(if step.process < 0 { index } else { step.process });
    let key = builder.key_text("x");
    let values = step.values.map(|value| match value {
        Some(i64::MIN) => Value::NULL,
        Some(value) => builder.int(value),
        None => Value::ABSENT,
    });
    let micros = match step.function {
        Function::Cas => {
            vec![Micro::new(Function::Read, key, values[0]), Micro::new(Function::Write, key, values[1])]
        }
        function if function.is_sync() => {
            let name = builder.text("L");
            vec![Micro::sync(function, builder.lock(name))]
        }
        function => {
            let list = step.list.as_ref().map(|list| list.iter().copied().map(Datum::Int).collect());
            let list = list.map(|list| builder.datum(&Datum::List(list)));
            let text = step.text.as_ref().map(|text| builder.text(text));
            vec![Micro::new(function, key, list.or(text).unwrap_or(values[0]))]
        }
    };
    let operation = Operation {
        outcome: step.outcome,
        answer: step.answer,
        shared: step.shared,
        start: Some(start),
        end: (step.outcome != Outcome::Info).then_some(end),
        ..Operation::new(process, step.function, &micros)
    };
    builder.push(&operation).expect("well formed");
}

fn register(random: &mut Random, length: u64) -> Vec<Step> {
    let (mut written, with_cas) = (0, random.chance(60));
    let step = |random: &mut Random| {
        let info = random.chance(12);
        let mut step = match random.below(100) {
            0..40 => {
                written += 1;
                Step::new(Function::Write, Some(written))
            }
            40..65 if with_cas => {
                written += 1;
                let mut cas = Step::new(Function::Cas, Some(random.below(written as u64 + 1) as i64));
                cas.values[1] = Some(written);
                cas.answer = random.chance(2).then_some(false);
                cas
            }
            _ => {
                let seen = written + 1 - random.below(4) as i64;
                Step::new(Function::Read, (!random.chance(4)).then_some(seen.max(0)))
            }
        };
        if random.chance(2) && step.function == Function::Write {
            step.values[0] = Some(random.below(3) as i64);
        }
        step.outcome = if info { Outcome::Info } else { Outcome::Ok };
        step
    };
    let mut step = step;
    (0..length).map(|_| step(random)).collect()
}

fn maybe_info(mut step: Step, random: &mut Random) -> Step {
    if random.chance(12) {
        step.outcome = Outcome::Info;
    }
    step
}

fn counter(random: &mut Random, length: u64) -> Vec<Step> {
    let mut counted = 0;
    let mut step = || {
        let step = if random.chance(50) {
            counted += 1;
            Step::new(Function::Inc, Some(if random.chance(1) { 2 } else { 1 }))
        } else {
            let seen = counted + 1 - random.below(4) as i64;
            Step::new(Function::Read, (!random.chance(4)).then_some(seen.max(0)))
        };
        maybe_info(step, random)
    };
    (0..length).map(|_| step()).collect()
}

fn set(random: &mut Random, length: u64) -> Vec<Step> {
    let elements = 1 + random.below(2);
    let mut step = || {
        let function = [Function::Add, Function::Remove, Function::Contains][random.below(3) as usize];
        let mut step = Step::new(function, Some(random.below(elements) as i64));
        step.answer = Some(random.chance(if function == Function::Add { 60 } else { 50 }));
        if random.chance(2) {
            step.answer = None;
        }
        maybe_info(step, random)
    };
    (0..length).map(|_| step()).collect()
}

/// Three processes, each of which mostly acquires and releases in turns.
fn lock(random: &mut Random, length: u64) -> Vec<Step> {
    let mut holds = [false; 3];
    let mut step = || {
        let process = random.below(3) as usize;
        let releases = holds[process] != random.chance(8);
        holds[process] = !releases;
        let mut step = Step::new(if releases { Function::Release } else { Function::Acquire }, None);
        step.process = process as i64;
        step.shared = random.chance(25);
        maybe_info(step, random)
    };
    (0..length).map(|_| step()).collect()
}

/// Insertions of distinct values in a random order, and removals of most of them in another.
fn container(random: &mut Random, length: u64, insert: Function, remove: Function) -> Vec<Step> {
    let inserts: Vec<bool> = (0..length).map(|_| random.chance(55)).collect();
    let mut values: Vec<i64> = (1..=inserts.iter().filter(|insert| **insert).count() as i64).collect();
    if insert == Function::Insert || random.chance(50) {
        random.shuffle(&mut values);
    }
    if random.chance(3) && values.len() > 1 {
        values[0] = values[1];
    }
    let mut taken = values.clone();
    match random.below(3) {
        0 => random.shuffle(&mut taken),
        1 => taken.sort_unstable(),
        _ => taken.reverse(),
    }
    let mut values = values.into_iter();
    let mut step = |inserts: bool| {
        if inserts {
            return maybe_info(Step::new(insert, values.next()), random);
        }
        let taken = if random.chance(15) { None } else { taken.pop() };
        let mut step = Step::new(remove, Some(taken.unwrap_or(i64::MIN)));
        match random.below(100) {
            0 => step.values[0] = None,
            1 => step.outcome = Outcome::Info,
            2 => step.values[0] = Some(99),
            _ => {}
        }
        step
    };
    inserts.into_iter().map(&mut step).collect()
}

/// What a container answers whose operations take effect at random moments of their intervals; then perhaps two of its
/// answers are exchanged.
fn recorded(random: &mut Random, kind: SpecKind, intervals: &[(i64, i64)]) -> Vec<Step> {
    let (insert, remove) = match kind {
        SpecKind::Queue => (Function::Enqueue, Function::Dequeue),
        SpecKind::Stack => (Function::Push, Function::Pop),
        _ => (Function::Insert, Function::Poll),
    };
    let mut values: Vec<i64> = (1..=intervals.len() as i64).collect();
    random.shuffle(&mut values);
    let moment = |&(start, end): &(i64, i64)| start + random.below((end - start) as u64 + 1) as i64;
    let mut moments: Vec<(i64, usize)> = intervals.iter().map(moment).zip(0..).collect();
    moments.sort_unstable();
    let mut steps: Vec<Step> = intervals.iter().map(|_| Step::new(remove, Some(i64::MIN))).collect();
    let mut content: Vec<i64> = Vec::new();
    for (_, index) in moments {
        if random.chance(52) {
            let value = values.pop().unwrap_or(0);
            steps[index] = Step::new(insert, Some(value));
            if random.chance(10) {
                steps[index].outcome = Outcome::Info;
                if random.chance(50) {
                    continue;
                }
            }
            content.push(value);
            if kind == SpecKind::PriorityQueue {
                content.sort_unstable();
            }
        } else if !content.is_empty() {
            let taken = if kind == SpecKind::Queue { content.remove(0) } else { content.pop().unwrap_or(0) };
            steps[index].values[0] = Some(taken);
        }
    }
    let removals: Vec<usize> = (0..steps.len()).filter(|&step| steps[step].function == remove).collect();
    if removals.len() > 1 && random.chance(50) {
        let [a, b] = [0, 0].map(|_: u8| removals[random.below(removals.len() as u64) as usize]);
        let (of_a, of_b) = (steps[a].values, steps[b].values);
        (steps[a].values, steps[b].values) = (of_b, of_a);
    }
    steps
}

/// Appends of distinct elements, and reads of a beginning of them in a random order (which sometimes errs).
fn list(random: &mut Random, length: u64) -> Vec<Step> {
    let appends: Vec<bool> = (0..length).map(|_| random.chance(50)).collect();
    let mut elements: Vec<i64> = (1..=appends.iter().filter(|append| **append).count() as i64).collect();
    let in_order = elements.clone();
    if random.chance(60) {
        random.shuffle(&mut elements);
    }
    let mut appended = 0;
    let mut step = |append: bool| {
        if append {
            appended += 1;
            let element = if random.chance(6) { 1 } else { in_order[appended - 1] };
            return maybe_info(Step::new(Function::Append, Some(element)), random);
        }
        let seen = (appended + 2).saturating_sub(random.below(4) as usize).min(elements.len());
        let mut seen = elements[..seen].to_vec();
        if random.chance(3) {
            random.shuffle(&mut seen);
        }
        let mut step = Step::new(Function::Read, None);
        step.list = (!random.chance(4)).then_some(seen);
        maybe_info(step, random)
    };
    appends.into_iter().map(&mut step).collect()
}

/// Puts and appends of distinct pieces, and reads of what was there lately.
fn string(random: &mut Random, length: u64) -> Vec<Step> {
    // Now and then pieces that cannot be told apart.
    let end = if random.chance(95) { ";" } else { "" };
    let mut lately = vec![String::new()];
    let step = |index| {
        let now = lately.last().cloned().unwrap_or_default();
        let piece = format!("{}{end}", if random.chance(12) { index / 4 } else { index });
        let (function, text) = match random.below(100) {
            0..15 => (Function::Put, Some(piece)),
            15..50 => (Function::Append, Some(piece)),
            _ => {
                let seen = lately.len().saturating_sub(1 + random.below(3) as usize);
                (Function::Read, (!random.chance(4)).then(|| lately[seen].clone()))
            }
        };
        match (function, &text) {
            (Function::Put, Some(piece)) => lately.push(piece.clone()),
            // Sometimes one that somebody overtakes.
            (Function::Append, Some(piece)) if !random.chance(15) => lately.push(now + piece),
            _ => {}
        }
        let mut step = Step::new(function, None);
        step.text = text;
        maybe_info(step, random)
    };
    (1..=length).map(step).collect()
}

/// The history for a person.
pub(super) fn text(history: &History) -> String {
    let line = |op: OpId| {
        let values: Vec<_> = history.micros(op).map(|micro| history.values().display(micro.value)).collect();
        let (start, end) = (history.start(op), history.end(op));
        let (function, outcome) = (history.function(op), history.outcome(op));
        format!("{op} {function} {values:?} {:?} {outcome:?} {start}-{end}\n", history.answer(op))
    };
    history.ops().map(line).collect()
}
