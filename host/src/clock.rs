//! The clock: the only file of the host that reads one.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant as Ticks, SystemTime, UNIX_EPOCH};

use changegate::time::Instant;

/// The host's own time, which is the one that counts.
///
/// It never goes back while the host runs, whatever is done to the machine's clock. In the demo it can begin at any time, and be moved
/// forward from there.
#[derive(Debug)]
pub struct Clock {
    offset_ms: AtomicI64,
    latest_ms: AtomicI64,
}

impl Clock {
    /// How far a clock that shows `at` now runs ahead of the machine's; below 0 where it runs behind.
    pub fn offset_of(at: Instant) -> i64 {
        at.millis().saturating_sub(machine_ms())
    }

    /// A clock that runs `offset_ms` ahead of the machine's.
    pub const fn ahead_by(offset_ms: i64) -> Self {
        Self {
            offset_ms: AtomicI64::new(offset_ms),
            latest_ms: AtomicI64::new(0),
        }
    }

    /// What time it is for decisions.
    pub fn now(&self) -> Instant {
        let read = machine_ms().saturating_add(self.offset_ms());
        let before = self.latest_ms.fetch_max(read, Ordering::Relaxed);
        instant(read.max(before))
    }

    /// What time it is outside: for sessions, which a moved demo clock must not end.
    pub fn outside() -> Instant {
        instant(machine_ms())
    }

    /// How far it runs ahead of the machine's clock.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::Relaxed)
    }

    /// How far it would run ahead if it stood at `to` now; none where that lies behind it.
    pub fn offset_to(&self, to: Instant) -> Option<i64> {
        let offset = Self::offset_of(to);
        (offset >= self.offset_ms()).then_some(offset)
    }

    /// Runs `offset_ms` ahead from now on; never less than before.
    pub fn run_ahead_by(&self, offset_ms: i64) {
        self.offset_ms.fetch_max(offset_ms, Ordering::Relaxed);
    }
}

fn machine_ms() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "this is the one file")]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}

/// A year beyond 9999 stands still at the epoch: every window is then closed, and nothing is let through.
fn instant(ms: i64) -> Instant {
    Instant::from_millis(ms).unwrap_or(EPOCH)
}

const EPOCH: Instant = match Instant::from_millis(0) {
    Some(epoch) => epoch,
    None => unreachable!(),
};

/// Measures how long something took.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Ticks);

impl Stopwatch {
    /// Starts.
    pub fn start() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one file")]
        let now = Ticks::now();
        Self(now)
    }

    /// How long ago it was started.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_never_goes_back() {
        let clock = Clock::ahead_by(60_000);
        let first = clock.now();
        clock.offset_ms.store(0, Ordering::Relaxed);
        assert!(clock.now() >= first);
    }

    #[test]
    fn a_clock_moves_forward_only() {
        let clock = Clock::ahead_by(0);
        let there = Instant::from_millis(clock.now().millis() + 3_600_000).unwrap();
        let offset = clock.offset_to(there).unwrap();
        clock.run_ahead_by(offset);
        assert!(clock.now() >= there);
        let back = Instant::from_millis(there.millis() - 60_000).unwrap();
        assert_eq!(clock.offset_to(back), None);
    }

    #[test]
    fn a_clock_that_begins_in_the_past_is_moved_forward_from_there() {
        let begin = Instant::from_millis(951_782_400_000).unwrap();
        let clock = Clock::ahead_by(Clock::offset_of(begin));
        assert!(clock.now() >= begin && clock.offset_ms() < 0);
        let there = Instant::from_millis(begin.millis() + 86_400_000).unwrap();
        clock.run_ahead_by(clock.offset_to(there).unwrap());
        assert!(clock.now() >= there && clock.offset_ms() < 0);
    }
}
