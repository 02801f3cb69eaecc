//! Closed-loop clients: each calls, waits for the return, thinks, and calls again.
//!
//! Each operation takes effect at one moment between its call and its return, drawn at random, or at its call where the
//! history is to be strict. An operation of unknown outcome takes effect at some moment after its call, or never. Of atomic
//! objects the order of those moments is the view, and the history linearizable.
//!
//! A sequential history is the same recording with each process's clock wrong by a time of its own: the view still
//! respects program order, and real time no longer.

use super::Generate;
use super::draft::{Draft, NEVER, Row};
use super::object::{self, Effect, Object};
use super::plans::{Event, Kind, Plans};
use super::random::Random;
use tribunal_checker::history::Outcome;
use tribunal_checker::model::Model;

/// Runs the clients until all operations are done.
pub(super) fn simulate(options: &Generate, random: &mut Random) -> Draft {
    let mut simulation = Simulation {
        options,
        object: object::of(options),
        plans: Plans::new(options, random),
        draft: Draft::default(),
        clock: 0,
        random,
    };
    while let Some(event) = simulation.plans.next() {
        match event.kind {
            Kind::Call => simulation.call(event),
            Kind::Effect | Kind::Ghost => simulation.effect(event),
            Kind::Return => simulation.returns(event),
        }
    }
    let Simulation { object, mut draft, .. } = simulation;
    object.hand_over(&mut draft);
    draft
}

struct Simulation<'a> {
    options: &'a Generate,
    object: Box<dyn Object>,
    plans: Plans,
    draft: Draft,
    /// The time of the next call or return.
    clock: u32,
    random: &'a mut Random,
}

impl Simulation<'_> {
    fn tick(&mut self) -> u32 {
        self.clock += 1;
        self.clock
    }

    fn call(&mut self, event: Event) {
        let (options, client) = (self.options, event.client);
        let left = options.operations - self.draft.rows.len();
        if left == 0 {
            return;
        }
        let Some(mut row) = self.object.choose(client, left, self.random) else { return };
        let op = u32::try_from(self.draft.rows.len()).expect("checked with the options");
        row.process = self.plans.process(client);
        row.start = self.tick();
        let duration = Plans::duration(self.random);
        let until = event.time + duration;
        if row.outcome == Outcome::Ok {
            row.outcome = self.outcome(&row);
        }
        if row.outcome != Outcome::Ok {
            self.object.give_up(client, &row);
        }
        match row.outcome {
            Outcome::Ok if options.model == Model::Strict => {
                self.plans.plan(event.time, Kind::Effect, client, op, until);
            }
            Outcome::Ok => {
                let moment = event.time + self.random.below(duration + 1);
                self.plans.plan(moment, Kind::Effect, client, op, until);
            }
            Outcome::Fail => self.plans.plan(until, Kind::Return, client, op, until),
            Outcome::Info => {
                if self.object.takes_effect(&row, self.random) {
                    let moment = event.time + self.random.below(4 * duration);
                    self.plans.plan(moment, Kind::Ghost, client, op, until);
                }
                self.plans.retire(client);
                self.plans.plan(until, Kind::Call, client, 0, 0);
            }
        }
        self.draft.rows.push(row);
    }

    fn outcome(&mut self, row: &Row) -> Outcome {
        let Generate { info, fail, .. } = *self.options;
        if info > 0.0 && self.random.chance(info) {
            Outcome::Info
        } else if fail > 0.0 && self.object.may_fail(row) && self.random.chance(fail / (1.0 - info)) {
            Outcome::Fail
        } else {
            Outcome::Ok
        }
    }

    fn effect(&mut self, event: Event) {
        let row = &mut self.draft.rows[event.op as usize];
        // Nobody learns what an operation of unknown outcome answers.
        let mut unseen = *row;
        let effect = self.object.apply(if event.kind == Kind::Ghost { &mut unseen } else { row }, event);
        if event.kind == Kind::Effect && effect != Effect::Waits {
            self.plans.plan(event.until, Kind::Return, event.client, event.op, 0);
        }
        if let Effect::Wakes { client, op } = effect {
            let until = event.time + Plans::duration(self.random) / 2;
            self.plans.plan(until, Kind::Return, client, op, 0);
        }
    }

    fn returns(&mut self, event: Event) {
        let end = self.tick();
        self.draft.rows[event.op as usize].end = end;
        debug_assert!(end < NEVER);
        self.plans.plan_call(event.time, event.client, self.random);
    }
}
