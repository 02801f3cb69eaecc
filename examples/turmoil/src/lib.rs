//! A replicated key-value store over datagrams: the majority protocol of Attiya, Bar-Noy and Dolev (1995), and one that
//! reads from whichever replica answers first.
//!
//! Replicas keep what they are told with a version, on a disk that survives a crash. A client asks all of them and goes on
//! when a majority has answered: to write, it learns the latest version and tells a later one; to read, it
//! learns the latest version and tells it to a majority before it returns.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::net::Ipv4Addr;
use std::str::FromStr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use turmoil::net::UdpSocket;

/// The replicas' names.
pub const REPLICAS: [&str; 3] = ["n1", "n2", "n3"];
const PORT: u16 = 1738;
/// How long a client waits for a majority, and how often it asks again.
const PATIENCE: Duration = Duration::from_millis(120);
const AGAIN: Duration = Duration::from_millis(40);

/// A version: a number, and the client that chose it.
type Version = (u64, u64);

/// What a replica has on its disk.
pub type Disk = Arc<Mutex<BTreeMap<String, (Version, u64)>>>;

/// How clients read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reads {
    /// From a majority, and write back.
    Majority,
    /// From the replica that answers first: the bug.
    Nearest,
}

/// Runs a replica.
///
/// # Errors
/// If the network fails.
///
/// # Panics
/// If the disk's lock is poisoned.
pub async fn replica(disk: Disk) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, PORT)).await?;
    let mut buffer = [0; 256];
    loop {
        let (length, from) = socket.recv_from(&mut buffer).await?;
        let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
        let words: Vec<&str> = text.split(' ').collect();
        let number = |at: usize| words.get(at).and_then(|word| u64::from_str(word).ok()).unwrap_or(0);
        let (request, key) = (number(0), words.get(2).copied().unwrap_or_default());
        let answer = {
            let mut disk = disk.lock().expect("no panics");
            if words.get(1) == Some(&"tell") {
                let told = ((number(3), number(4)), number(5));
                let kept = disk.entry(key.to_owned()).or_insert(told);
                *kept = (*kept).max(told);
            }
            let ((number, client), value) = disk.get(key).copied().unwrap_or_default();
            format!("{request} {number} {client} {value}")
        };
        socket.send_to(answer.as_bytes(), from).await?;
    }
}

/// A client of the store.
#[derive(Debug)]
pub struct Client {
    socket: UdpSocket,
    number: u64,
    requests: u64,
    reads: Reads,
}

impl Client {
    /// Client number `number`, from 1 on.
    ///
    /// # Errors
    /// If the network fails.
    pub async fn new(number: u64, reads: Reads) -> io::Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await?;
        Ok(Self { socket, number, requests: 0, reads })
    }

    /// Reads a key; `None` where it was never written.
    ///
    /// # Errors
    /// If too few replicas answer.
    pub async fn read(&mut self, key: &str) -> io::Result<Option<u64>> {
        let enough = if self.reads == Reads::Majority { 2 } else { 1 };
        let (version, value) = self.ask(&format!("ask {key}"), enough).await?;
        if version == (0, 0) {
            return Ok(None);
        }
        if self.reads == Reads::Majority {
            self.tell(key, version, value).await?;
        }
        Ok(Some(value))
    }

    /// Writes a key.
    ///
    /// # Errors
    /// If too few replicas answer: then it may have been written, or may yet be.
    pub async fn write(&mut self, key: &str, value: u64) -> io::Result<()> {
        let ((latest, _), _) = self.ask(&format!("ask {key}"), 2).await?;
        self.tell(key, (latest + 1, self.number), value).await
    }

    async fn tell(&mut self, key: &str, (number, client): Version, value: u64) -> io::Result<()> {
        self.ask(&format!("tell {key} {number} {client} {value}"), 2).await.map(drop)
    }

    /// Sends a request to all replicas; gives the latest of what `enough` of them answer.
    async fn ask(&mut self, request: &str, enough: usize) -> io::Result<(Version, u64)> {
        self.requests += 1;
        let text = format!("{} {request}", self.requests);
        let (mut answered, mut latest) = (HashSet::new(), ((0, 0), 0));
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < deadline {
            for replica in REPLICAS {
                self.socket.send_to(text.as_bytes(), (replica, PORT)).await?;
            }
            let again = deadline.min(tokio::time::Instant::now() + AGAIN);
            let mut buffer = [0; 256];
            while let Ok(received) = tokio::time::timeout_at(again, self.socket.recv_from(&mut buffer)).await
            {
                let (length, from) = received?;
                let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
                let words: Vec<u64> = text.split(' ').filter_map(|word| word.parse().ok()).collect();
                let [request, number, client, value] = words[..] else { continue };
                if request == self.requests && answered.insert(from) {
                    latest = latest.max(((number, client), value));
                    if answered.len() >= enough {
                        return Ok(latest);
                    }
                }
            }
        }
        Err(io::ErrorKind::TimedOut.into())
    }
}
