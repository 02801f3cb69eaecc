//! Headless Chromium through its debugging pipe: file descriptors 3 and 4, a JSON object and a NUL byte a message.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long the browser may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running browser; it ends with this.
pub(crate) struct Browser {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    next: u64,
    faults: Vec<String>,
    loaded: bool,
    _profile: tempfile::TempDir,
}

/// A page in it.
pub(crate) struct Tab<'a> {
    browser: &'a mut Browser,
    session: String,
}

impl Browser {
    /// Starts one; `None`, and a loud notice, where there is none.
    pub(crate) fn start() -> Option<Self> {
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        let found = names.iter().find(|name| {
            let tried =
                Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            tried.is_ok_and(|status| status.success())
        });
        let Some(program) = found else {
            eprintln!(
                "NOT TESTED: the HTML report in a browser, for there is no Chromium here (apt install chromium)"
            );
            return None;
        };
        let profile = tempfile::tempdir().expect("a folder for its profile");
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null", "sh", program])
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
            ])
            .args([
                "--disable-extensions",
                "--disable-background-networking",
                "--remote-debugging-pipe",
                "--window-size=1200,900",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let input = child.stdin.take().expect("piped");
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while output.read_until(0, &mut message).is_ok_and(|length| length > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else { return };
                if sender.send(value).is_err() {
                    return;
                }
                message.clear();
            }
        });
        Some(Self { child, input, messages, next: 0, faults: Vec::new(), loaded: false, _profile: profile })
    }

    /// Opens a file, and waits until it has been loaded.
    pub(crate) fn open(&mut self, path: &Path) -> Tab<'_> {
        let target = self.call("", "Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session =
            self.call("", "Target.attachToTarget", &attach)["sessionId"].as_str().unwrap().to_owned();
        self.faults.clear();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&session, &format!("{domain}.enable"), &json!({}));
        }
        self.loaded = false;
        let url = format!("file://{}", path.display());
        self.call(&session, "Page.navigate", &json!({"url": url}));
        while !self.loaded {
            let message = self.messages.recv_timeout(PATIENCE).expect("the page is loaded in time");
            self.note(&message);
        }
        self.call(&session, "Page.bringToFront", &json!({}));
        Tab { browser: self, session }
    }

    fn call(&mut self, session: &str, method: &str, params: &Value) -> Value {
        self.next += 1;
        let mut message = json!({"id": self.next, "method": method, "params": params});
        if !session.is_empty() {
            message["sessionId"] = session.into();
        }
        let mut bytes = serde_json::to_vec(&message).unwrap();
        bytes.push(0);
        self.input.write_all(&bytes).expect("the browser listens");
        loop {
            let answer = self.messages.recv_timeout(PATIENCE).expect("the browser answers in time");
            if answer["id"] == self.next {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.note(&answer);
        }
    }

    /// Keeps what is wrong with the page: exceptions, errors, requests.
    fn note(&mut self, event: &Value) {
        let params = &event["params"];
        let fault = match event["method"].as_str().unwrap_or_default() {
            "Page.loadEventFired" => {
                self.loaded = true;
                false
            }
            "Runtime.exceptionThrown" => true,
            "Log.entryAdded" => params["entry"]["level"] == "error",
            "Runtime.consoleAPICalled" => params["type"] == "error" || params["type"] == "assert",
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                !url.starts_with("file://") || !url.ends_with("report.html")
            }
            _ => false,
        };
        if fault {
            self.faults.push(event.to_string());
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Tab<'_> {
    fn call(&mut self, method: &str, params: &Value) -> Value {
        let session = self.session.clone();
        self.browser.call(&session, method, params)
    }

    fn evaluate(&mut self, script: &str) -> Value {
        let answer = self.call(
            "Runtime.evaluate",
            &json!({"expression": script, "returnByValue": true, "awaitPromise": true}),
        );
        assert!(answer["exceptionDetails"].is_null(), "{script}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Runs a script.
    pub(crate) fn run(&mut self, script: &str) {
        self.evaluate(script);
    }

    /// What a script gives, a text.
    pub(crate) fn text(&mut self, script: &str) -> String {
        let value = self.evaluate(script);
        value.as_str().unwrap_or_else(|| panic!("{script} gives {value}")).to_owned()
    }

    /// What a script gives, a whole number.
    pub(crate) fn number(&mut self, script: &str) -> i64 {
        let value = self.evaluate(script);
        value.as_i64().unwrap_or_else(|| panic!("{script} gives {value}"))
    }

    /// Waits until a script gives this text.
    pub(crate) fn wait(&mut self, script: &str, text: &str) {
        for _ in 0..200 {
            if self.text(script) == text {
                return;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("{script} gives {:?}, not {text:?}", self.text(script));
    }

    /// Presses a key and lets it go.
    pub(crate) fn key(&mut self, key: &str) {
        let mut down = json!({"type": "keyDown", "key": key});
        if key.chars().count() == 1 {
            down["text"] = key.into();
        }
        self.call("Input.dispatchKeyEvent", &down);
        self.call("Input.dispatchKeyEvent", &json!({"type": "keyUp", "key": key}));
    }

    /// Types a text into what has the focus.
    pub(crate) fn write(&mut self, text: &str) {
        self.call("Input.insertText", &json!({"text": text}));
    }

    /// Clicks in the middle of the first element that fits, as a mouse does: what lies there gets it.
    pub(crate) fn click(&mut self, selector: &str) {
        let script = format!(
            "(async () => {{ const e = document.querySelector({selector:?});
            e.scrollIntoView({{block: 'center', behavior: 'instant'}}); for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame);
            const r = e.getClientRects()[0];
            const at = [r.x + Math.min(r.width, 40) / 2, r.y + r.height / 2];
            const hit = document.elementFromPoint(...at);
            return e.parentNode.contains(hit) ? at : String(hit && hit.outerHTML.slice(0, 200)); }})()"
        );
        let at = self.evaluate(&script);
        assert!(at.is_array(), "something lies over {selector}: {at}");
        for (kind, button, buttons) in
            [("mouseMoved", "none", 0), ("mousePressed", "left", 1), ("mouseReleased", "left", 0)]
        {
            let (x, y) = (&at[0], &at[1]);
            let event =
                json!({"type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1});
            self.call("Input.dispatchMouseEvent", &event);
        }
    }

    /// Shows the page as for a medium and a preference of colours.
    pub(crate) fn media(&mut self, medium: &str, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.call("Emulation.setEmulatedMedia", &json!({"media": medium, "features": features}));
    }

    /// What went wrong so far.
    pub(crate) fn faults(&mut self) -> Vec<String> {
        self.evaluate("1");
        self.browser.faults.clone()
    }
}
