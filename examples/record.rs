//! Records a history worth judging: threads read, write and compare-and-set registers that a server on the loopback
//! interface keeps, and write down what they did and saw.
//!
//! ```text
//! cargo run --release --example record > history.jsonl
//! cargo run --release --example record -- --stale-cache > stale-cache.jsonl
//! ```
//!
//! The server is correct: one map behind one lock. With `--stale-cache` each of its connections remembers what it last
//! read or wrote and answers a read from memory now and then: the classic cache that nobody invalidates. Now and then it is also
//! slower than its clients' patience: such a call is recorded as `info`, for it may or may not have taken effect, and the
//! client goes on with a new connection as a new process.
//!
//! What to copy into a harness of your own is `Client::call`: take the time **before** the request is sent and **after**
//! the answer has come, from one monotonic clock, and never guess an outcome.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, io, thread};

const CLIENTS: u64 = 5;
const CALLS: u64 = 120;
const KEYS: [&str; 2] = ["x", "y"];
/// How long a client waits for an answer, and how long the server sometimes takes.
const PATIENCE: Duration = Duration::from_millis(4);
const NAP: Duration = Duration::from_millis(12);

fn main() -> io::Result<()> {
    let stale_cache = env::args().any(|arg| arg == "--stale-cache");
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || serve(&listener, stale_cache));

    let clock = Instant::now();
    let processes = Arc::new(AtomicU64::new(0));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|seed| {
            let processes = Arc::clone(&processes);
            thread::spawn(move || Client::connect(address, clock, processes)?.run(seed))
        })
        .collect();
    let mut lines = Vec::new();
    for client in clients {
        lines.extend(client.join().expect("a client panicked")?);
    }
    lines.sort_by_key(|(start, _)| *start);
    let mut out = io::stdout().lock();
    writeln!(out, "{{\"tribunal\":1,\"spec\":\"register\"}}")?;
    lines.iter().try_for_each(|(_, line)| writeln!(out, "{line}"))
}

/// A client: one connection, one process of the history at a time.
struct Client {
    address: SocketAddr,
    connection: BufReader<TcpStream>,
    clock: Instant,
    process: u64,
    processes: Arc<AtomicU64>,
}

impl Client {
    fn connect(address: SocketAddr, clock: Instant, processes: Arc<AtomicU64>) -> io::Result<Self> {
        let connection = TcpStream::connect(address)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.set_nodelay(true)?;
        let process = processes.fetch_add(1, Ordering::Relaxed);
        Ok(Self { address, connection: BufReader::new(connection), clock, process, processes })
    }

    /// Makes the calls; gives lines of the history with their starts.
    fn run(mut self, seed: u64) -> io::Result<Vec<(u128, String)>> {
        let mut random = Random(seed * 0x9e37_79b9 + 1);
        let mut lines = Vec::new();
        for call in 0..CALLS {
            let key = KEYS[random.below(2)];
            // A value of its own for each write: then it is plain which write a read has read.
            let new = seed * CALLS + call + 1;
            let line = match random.below(10) {
                0..5 => self.call(&format!("read {key}"), |answer| {
                    format!("\"f\":\"read\",\"key\":\"{key}\",\"value\":{answer}")
                })?,
                5..8 => self.call(&format!("write {key} {new}"), |_| {
                    format!("\"f\":\"write\",\"key\":\"{key}\",\"value\":{new}")
                })?,
                _ => {
                    let old = random.below(usize::try_from(new).unwrap_or(1));
                    self.call(&format!("cas {key} {old} {new}"), |answer| {
                        let ok = if answer == "false" { ",\"ok\":false" } else { "" };
                        format!("\"f\":\"cas\",\"key\":\"{key}\",\"value\":[{old},{new}]{ok}")
                    })?
                }
            };
            lines.push(line);
            thread::sleep(Duration::from_micros(random.below(300) as u64));
        }
        Ok(lines)
    }

    /// One call: the time before it is sent, and the time after its answer has come.
    fn call(&mut self, request: &str, told: impl Fn(&str) -> String) -> io::Result<(u128, String)> {
        let process = self.process;
        let start = self.clock.elapsed().as_nanos();
        writeln!(self.connection.get_mut(), "{request}")?;
        let mut answer = String::new();
        let answered = self.connection.read_line(&mut answer);
        let end = self.clock.elapsed().as_nanos();
        let line = match answered {
            Ok(_) => {
                let told = told(answer.trim());
                format!("{{\"process\":{process},{told},\"start\":{start},\"end\":{end}}}")
            }
            // Nobody knows whether it took effect: say so, and never use the connection, or the process, again.
            Err(_) => {
                let told = told("null");
                let connection = Self::connect(self.address, self.clock, Arc::clone(&self.processes))?;
                *self = connection;
                format!("{{\"process\":{process},{told},\"start\":{start},\"outcome\":\"info\"}}")
            }
        };
        Ok((start, line))
    }
}

type Registers = Arc<Mutex<HashMap<String, String>>>;

/// The server: a thread a connection.
fn serve(listener: &TcpListener, stale_cache: bool) {
    let registers: Registers = Arc::default();
    for (seed, connection) in listener.incoming().flatten().enumerate() {
        let registers = Arc::clone(&registers);
        let random = Random(seed as u64 * 0x51_7c_c1 + 7);
        thread::spawn(move || answer(connection, &registers, stale_cache, random));
    }
}

/// Answers the requests of one connection.
fn answer(
    connection: TcpStream,
    registers: &Registers,
    stale_cache: bool,
    mut random: Random,
) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut cache: HashMap<String, String> = HashMap::new();
    let mut out = connection.try_clone()?;
    for line in BufReader::new(connection).lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        if random.below(100) == 0 {
            thread::sleep(NAP);
        }
        let key = words[1].to_owned();
        let current = || registers.lock().expect("no panics").get(&key).cloned().unwrap_or("null".into());
        let answer = match words[0] {
            "read" => {
                let from_cache = cache.get(&key).filter(|_| stale_cache && random.below(8) == 0).cloned();
                let value = from_cache.unwrap_or_else(current);
                cache.insert(key, value.clone());
                value
            }
            "write" => {
                registers.lock().expect("no panics").insert(key.clone(), words[2].into());
                cache.insert(key, words[2].into());
                "true".into()
            }
            _ => {
                let mut registers = registers.lock().expect("no panics");
                let matches = registers.get(&key).is_some_and(|value| value == words[2]);
                if matches {
                    registers.insert(key, words[3].into());
                }
                matches.to_string()
            }
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

/// A small generator of random numbers (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }
}
