//! What happens, said as it happens.

use std::time::{Duration, Instant};

/// Says each step and when it began, counted from the start of the task.
pub struct Progress {
    start: Instant,
}

impl Progress {
    /// Starts counting.
    pub fn start() -> Progress {
        Progress {
            start: Instant::now(),
        }
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Says the step that begins now.
    pub fn say(&self, step: &str) {
        println!("[{:6.1} s] {step}", self.elapsed().as_secs_f64());
    }
}
