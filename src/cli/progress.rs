//! Tells a person who waits how far the work is: on standard error, on a terminal, after a second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(1);

/// A line that tells how many histories are judged.
pub(super) struct Progress {
    wanted: bool,
    begin: Instant,
    bar: Option<ProgressBar>,
    judged: usize,
}

impl Progress {
    /// Nothing is shown at first, and never unless `wanted`.
    pub(super) fn new(wanted: bool) -> Self {
        Self { wanted, begin: Instant::now(), bar: None, judged: 0 }
    }

    /// One more history is judged.
    pub(super) fn advance(&mut self) {
        self.judged += 1;
        self.tick();
    }

    /// Time passes.
    pub(super) fn tick(&mut self) {
        if !self.wanted || self.begin.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise} {msg}") {
                bar.set_style(style);
            }
            bar.with_elapsed(self.begin.elapsed())
        });
        bar.set_message(match self.judged {
            0 => "reading and judging the first history".to_owned(),
            1 => "1 history judged".to_owned(),
            judged => format!("{judged} histories judged"),
        });
        bar.tick();
    }

    /// Takes the line away while `print` writes to the same terminal.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
