//! Copies of registers, and channels that deliver writes to them.

use super::super::super::Generate;
use super::super::super::draft::NIL;
use super::super::super::random::Random;
use tribunal_checker::model::Model;

/// What a write waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Waits {
    Nothing,
    /// What its writer read since its last write.
    Reads,
    /// The last write to its key.
    Key,
}

/// A write's place: so many writes into a channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Place {
    channel: u32,
    /// Counted from 1.
    count: u32,
}

/// A write in its channel.
#[derive(Clone, Copy, Debug)]
struct Write {
    key: u32,
    /// Its place in the order of issue, from 1.
    issued: u32,
    value: i64,
    /// Where what it waits for begins in the table.
    waits: u32,
    /// How much that is.
    waits_for: u32,
}

/// What a copy of a register holds.
#[derive(Clone, Copy, Debug)]
struct Cell {
    value: i64,
    issued: u32,
    place: Option<Place>,
}

/// Registers, copies, channels.
#[derive(Debug)]
pub(super) struct Store {
    clients: usize,
    keys: usize,
    /// Channels are of a writer and a key, not of a writer.
    by_key: bool,
    waits: Waits,
    /// By key, whether a copy keeps what was issued last, and not what arrives.
    keeps_last: Vec<bool>,
    channels: Vec<Vec<Write>>,
    table: Vec<Place>,
    /// By client and channel: how many writes have arrived.
    arrived: Vec<u32>,
    /// By client and key.
    cells: Vec<Cell>,
    /// By client: what it read since its last write.
    read: Vec<Vec<Place>>,
    /// By key: its last write.
    last: Vec<Option<Place>>,
    issued: u32,
    /// Of a delivery: what is to arrive, the most urgent last.
    stack: Vec<Place>,
}

impl Store {
    pub(super) fn new(options: &Generate) -> Self {
        let (clients, keys, model) = (options.processes, options.keys, options.model);
        let by_key = matches!(model, Model::Cache | Model::Slow | Model::Entry);
        let waits = match model {
            Model::Processor | Model::Cache => Waits::Key,
            Model::Fifo | Model::Slow | Model::Weak | Model::Release | Model::Entry => Waits::Nothing,
            _ => Waits::Reads,
        };
        let arrives =
            matches!(model, Model::Causal | Model::Fifo | Model::Processor | Model::Cache | Model::Slow);
        let keeps_last = |key| !(arrives || model == Model::CausalWeak && key % 2 == 1);
        let channels = if by_key { clients * keys } else { clients };
        Self {
            clients,
            keys,
            by_key,
            waits,
            keeps_last: (0..keys).map(keeps_last).collect(),
            channels: vec![Vec::new(); channels],
            table: Vec::new(),
            arrived: vec![0; clients * channels],
            cells: vec![Cell { value: NIL, issued: 0, place: None }; clients * keys],
            read: vec![Vec::new(); clients],
            last: vec![None; keys],
            issued: 0,
            stack: Vec::new(),
        }
    }

    fn channel(&self, writer: usize, key: u32) -> usize {
        if self.by_key { writer * self.keys + key as usize } else { writer }
    }

    fn arrived(&self, client: usize, channel: usize) -> u32 {
        self.arrived[client * self.channels.len() + channel]
    }

    /// What the client's copy holds.
    pub(super) fn read(&mut self, client: usize, key: u32) -> i64 {
        let cell = self.cells[client * self.keys + key as usize];
        if self.waits == Waits::Reads
            && let Some(place) = cell.place
            && place.channel as usize != client
        {
            self.read[client].push(place);
        }
        cell.value
    }

    /// Issues a write; it arrives at its writer at once.
    pub(super) fn write(&mut self, client: usize, key: u32, value: i64) {
        let first = self.table.len();
        match self.waits {
            Waits::Nothing => {}
            Waits::Key => self.table.extend(self.last[key as usize]),
            Waits::Reads => {
                let reads = &mut self.read[client];
                reads.sort_unstable_by_key(|place| (place.channel, std::cmp::Reverse(place.count)));
                reads.dedup_by_key(|place| place.channel);
                self.table.append(reads);
            }
        }
        self.issued += 1;
        let channel = self.channel(client, key);
        self.channels[channel].push(Write {
            key,
            issued: self.issued,
            value,
            waits: number(first),
            waits_for: number(self.table.len() - first),
        });
        let count = number(self.channels[channel].len());
        self.last[key as usize] = Some(Place { channel: number(channel), count });
        self.deliver(client, channel, count);
    }

    /// Some channel that may speak of the key delivers up to some point.
    pub(super) fn deliver_some(&mut self, client: usize, key: u32, random: &mut Random) {
        let channel = self.channel(random.index(self.clients), key);
        let (arrived, sent) = (self.arrived(client, channel), number(self.channels[channel].len()));
        if arrived < sent {
            let more = 1 + random.index((sent - arrived) as usize);
            self.deliver(client, channel, arrived + number(more));
        }
    }

    /// Every channel delivers everything.
    pub(super) fn deliver_all(&mut self, client: usize) {
        for channel in 0..self.channels.len() {
            self.deliver(client, channel, number(self.channels[channel].len()));
        }
    }

    /// How much has arrived at a client, of the channels that speak of the key; of all without a key.
    pub(super) fn heard(&self, client: usize, key: Option<u32>) -> Vec<(usize, u32)> {
        let channels: Vec<usize> = match key {
            Some(key) => (0..self.clients).map(|writer| self.channel(writer, key)).collect(),
            None => (0..self.channels.len()).collect(),
        };
        channels.into_iter().map(|channel| (channel, self.arrived(client, channel))).collect()
    }

    /// Lets at least `count` writes of a channel arrive, and whatever they wait for.
    ///
    /// The stack never holds a write twice at work: what waits was issued after what it waits for.
    pub(super) fn deliver(&mut self, client: usize, channel: usize, count: u32) {
        self.stack.push(Place { channel: number(channel), count });
        while let Some(&Place { channel, count }) = self.stack.last() {
            let arrived = self.arrived(client, channel as usize);
            if arrived >= count {
                self.stack.pop();
                continue;
            }
            let write = self.channels[channel as usize][arrived as usize];
            let waits = write.waits as usize..(write.waits + write.waits_for) as usize;
            let missing = |place: &&Place| self.arrived(client, place.channel as usize) < place.count;
            match self.table[waits].iter().find(missing) {
                Some(&place) => self.stack.push(place),
                None => self.arrive(client, channel, write),
            }
        }
    }

    fn arrive(&mut self, client: usize, channel: u32, write: Write) {
        let arrived = &mut self.arrived[client * self.channels.len() + channel as usize];
        *arrived += 1;
        let cell = &mut self.cells[client * self.keys + write.key as usize];
        if !self.keeps_last[write.key as usize] || write.issued > cell.issued {
            let place = Some(Place { channel, count: *arrived });
            *cell = Cell { value: write.value, issued: write.issued, place };
        }
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).expect("fewer writes than operations")
}
