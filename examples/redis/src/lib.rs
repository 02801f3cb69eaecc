//! A real server on the loopback interface: starts `redis-server`, speaks as much of its protocol as `SET` and `GET` need,
//! and kills it.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long a server may take to start.
const START: Duration = Duration::from_secs(20);

/// Whether what was acknowledged survives a crash of the process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disk {
    /// Every write is logged before it is acknowledged.
    Log,
    /// Nothing is: after a crash the server is empty.
    Nothing,
}

/// A server; dropping it kills it.
#[derive(Debug)]
pub struct Server {
    process: Child,
    address: SocketAddr,
    directory: PathBuf,
    disk: Disk,
}

/// True if there is a `redis-server` to start.
#[must_use]
pub fn is_installed() -> bool {
    Command::new("redis-server")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

impl Server {
    /// Starts a server that keeps its files in `directory`.
    ///
    /// # Errors
    /// If it does not start.
    pub fn start(directory: &Path, disk: Disk) -> io::Result<Self> {
        // Free now; whoever takes it before the server does makes the start fail, loudly.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let process = spawn(directory, address, disk)?;
        let server = Self { process, address, directory: directory.into(), disk };
        server.wait()?;
        Ok(server)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Kills it with SIGKILL, and starts it again on the same files.
    ///
    /// # Errors
    /// If it does not start again.
    pub fn crash(&mut self) -> io::Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        self.process = spawn(&self.directory, self.address, self.disk)?;
        self.wait()
    }

    fn wait(&self) -> io::Result<()> {
        let begun = Instant::now();
        loop {
            match Client::connect(self.address).and_then(|mut client| client.get("ready")) {
                Ok(_) => return Ok(()),
                Err(error) if begun.elapsed() > START => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

fn spawn(directory: &Path, address: SocketAddr, disk: Disk) -> io::Result<Child> {
    let log = if disk == Disk::Log { "yes" } else { "no" };
    Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &address.port().to_string(), "--save", ""])
        .args(["--appendonly", log, "--appendfsync", "always", "--dir"])
        .arg(directory)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// A connection.
#[derive(Debug)]
pub struct Client {
    connection: BufReader<TcpStream>,
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// If nobody listens.
    pub fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self { connection: BufReader::new(stream) })
    }

    /// Reads a key.
    ///
    /// # Errors
    /// If there is no answer, or it is an error.
    pub fn get(&mut self, key: &str) -> io::Result<Option<u64>> {
        let head = self.call(&["GET", key])?;
        if head == "$-1" {
            return Ok(None);
        }
        let value = if head.starts_with('$') { self.line()? } else { head };
        value.parse().map(Some).map_err(|_| io::Error::other(value))
    }

    /// Writes a key.
    ///
    /// # Errors
    /// If there is no answer, or it is an error: then it may have been written, or not.
    pub fn set(&mut self, key: &str, value: u64) -> io::Result<()> {
        match self.call(&["SET", key, &value.to_string()])? {
            answer if answer == "+OK" => Ok(()),
            answer => Err(io::Error::other(answer)),
        }
    }

    fn call(&mut self, words: &[&str]) -> io::Result<String> {
        let mut text = format!("*{}\r\n", words.len());
        words.iter().for_each(|word| text.push_str(&format!("${}\r\n{word}\r\n", word.len())));
        self.connection.get_mut().write_all(text.as_bytes())?;
        self.line()
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.connection.read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}
