//! Every core kept busy.

use crate::command::program;
use anyhow::{Context, Result};
use std::process::{Child, Stdio};
use std::thread;

/// One busy process a core. They end with it, and by themselves soon after us, should we be killed.
pub struct Load(Vec<Child>);

/// Counts, and looks now and then whether who started it is still there.
const BUSY: &str = r#"while kill -0 "$PPID" 2>/dev/null; do i=0; while [ "$i" -lt 200000 ]; do i=$((i + 1)); done; done"#;

impl Load {
    /// Keeps every core busy.
    pub fn full() -> Result<Load> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let mut load = Load(Vec::new());
        for _ in 0..cores {
            let mut busy = program("sh", &["-c", BUSY]);
            let started = busy.stdin(Stdio::null()).spawn();
            load.0.push(
                started.context(
                    "`sh` could not be started, and nothing else keeps the machine busy",
                )?,
            );
        }
        Ok(load)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for busy in &mut self.0 {
            // One that has ended already is what is wanted.
            let _ = busy.kill();
            let _ = busy.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_core_is_kept_busy_until_it_is_over() {
        let mut load = Load::full().unwrap();
        assert!(!load.0.is_empty());
        for busy in &mut load.0 {
            assert!(busy.try_wait().unwrap().is_none(), "it goes on");
        }
        let ids: Vec<String> = load.0.iter().map(|busy| busy.id().to_string()).collect();
        drop(load);
        for id in ids {
            let is_there = program("kill", &["-0", &id]).stderr(Stdio::null()).status();
            assert!(!is_there.unwrap().success(), "{id} goes on");
        }
    }
}
