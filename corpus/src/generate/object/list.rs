//! Append-lists: appended to, read whole, and replaced where the options say so.

use super::super::Generate;
use super::super::draft::{ABSENT, Draft, Range, Row};
use super::super::plans::Event;
use super::super::random::Random;
use super::{Effect, Fresh, Object};
use tribunal_checker::history::Function;

/// A list of that length is replaced, or left for a new key: reads return all of it.
const LONG: usize = 32;

/// Lists by key.
#[derive(Debug)]
pub(super) struct Lists {
    /// By key: what was appended and put, in that order, and where the content begins now.
    lists: Vec<(Vec<(i64, u32)>, u32)>,
    /// The keys in use.
    live: Vec<u32>,
    fresh: Fresh,
    reads: f64,
    puts: f64,
}

impl Lists {
    pub(super) fn new(options: &Generate) -> Self {
        let keys = u32::try_from(options.keys).expect("checked with the options");
        Self {
            lists: vec![(Vec::new(), 0); options.keys],
            live: (0..keys).collect(),
            fresh: Fresh::new(options.values),
            reads: options.reads,
            puts: options.puts,
        }
    }
}

impl Object for Lists {
    fn choose(&mut self, _: u32, _: usize, random: &mut Random) -> Option<Row> {
        let place = random.index(self.live.len());
        let mut key = self.live[place];
        if random.chance(self.reads) {
            return Some(Row::new(Function::Read, key, ABSENT));
        }
        let (order, from) = &self.lists[key as usize];
        let long = order.len() - *from as usize >= LONG;
        let put = self.puts > 0.0 && (long || random.chance(self.puts));
        if long && !put {
            key = u32::try_from(self.lists.len()).expect("fewer keys than operations");
            self.lists.push((Vec::new(), 0));
            self.live[place] = key;
        }
        let function = if put { Function::Put } else { Function::Append };
        Some(Row::new(function, key, self.fresh.next(random)))
    }

    fn apply(&mut self, row: &mut Row, event: Event) -> Effect {
        let (order, from) = &mut self.lists[row.object as usize];
        let length = u32::try_from(order.len()).expect("fewer elements than operations");
        if row.function == Function::Read {
            row.a = row.object.into();
            row.b = Range { from: *from, to: length }.pack();
            return Effect::Done;
        }
        if row.function == Function::Put {
            *from = length;
        }
        order.push((row.a, event.op));
        Effect::Done
    }

    fn hand_over(self: Box<Self>, draft: &mut Draft) {
        draft.lists = self.lists.into_iter().map(|(order, _)| order).collect();
    }
}
