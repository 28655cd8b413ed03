//! The one thread that writes: what waits is done in one transaction, and answered once that is on disk.
//!
//! A commit to disk costs milliseconds whatever it holds, so reports that come in while one is under way share the next.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, oneshot};

use crate::fault::Fault;
use crate::journal::warn;
use crate::problem::Problem;
use crate::registrar::{Failure, NotStored, Registrar};

/// How much may wait before the host says that it is busy.
const MOST_WAITING: usize = 1_024;

/// Does its part of a transaction, and says later, when it is known whether that is on disk, what to answer.
type Job = Box<dyn FnOnce(&mut Registrar) -> Answer + Send>;
/// Answers; a commit that failed takes back what was done.
type Answer = Box<dyn FnOnce(Result<(), Problem>) + Send>;

/// A way to hand work to the thread.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
    counts: Arc<Counts>,
}

/// The thread, to be waited for at the end.
#[derive(Debug)]
pub struct Running(JoinHandle<()>);

/// What was done so far.
#[derive(Debug, Default)]
struct Counts {
    jobs: AtomicU64,
    commits: AtomicU64,
    is_behind: AtomicBool,
    failure: OnceLock<Failure>,
}

impl Counts {
    fn note(&self, registrar: &Registrar) {
        self.is_behind
            .store(registrar.is_behind(), Ordering::Relaxed);
        if let Some(failure) = registrar.failure() {
            self.failure.get_or_init(|| failure);
        }
    }
}

impl Writer {
    /// Starts the thread, which puts at most `most_together` jobs into one transaction.
    ///
    /// # Errors
    /// That the machine gives no thread.
    pub fn start(registrar: Registrar, most_together: usize) -> Result<(Self, Running), Fault> {
        let (queue, waiting) = mpsc::channel(MOST_WAITING);
        let counts = Arc::new(Counts::default());
        let counted = Arc::clone(&counts);
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || run(registrar, waiting, most_together, &counted))
            .map_err(|error| {
                Fault::new(format!(
                    "no thread could be started ({error}); stop other programs and start again"
                ))
            })?;
        Ok((Self { queue, counts }, Running(thread)))
    }

    /// Has work done, and returns once it is on disk.
    ///
    /// # Errors
    /// What `work` says, which is then taken back; or that the host is busy or the commit failed.
    pub async fn perform<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Registrar) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.check()?;
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |registrar| {
            let done = attempt(registrar, work);
            Box::new(move |committed| {
                // Whoever asked may have gone away; what was done stays done.
                let _ = reply.send(done.and_then(|done| committed.map(|()| done)));
            })
        });
        self.queue
            .try_send(job)
            .map_err(|_| Problem::unavailable("too much is waiting; send it again in a second"))?;
        // Who drops a job unanswered has stored nothing of it.
        let answered = answer.await;
        answered
            .unwrap_or_else(|_| Err(self.check().err().unwrap_or_else(|| NotStored::Now.into())))
    }

    /// Whether anything is stored at all.
    ///
    /// # Errors
    /// Why nothing is until the host is started again.
    pub fn check(&self) -> Result<(), Problem> {
        let failure = self.counts.failure.get();
        failure.map_or(Ok(()), |failure| Err(NotStored::For(*failure).into()))
    }

    /// Whether something is to be done once readers let it.
    pub fn is_behind(&self) -> bool {
        self.counts.is_behind.load(Ordering::Relaxed)
    }

    /// How many jobs were done, in how many commits.
    pub fn counts(&self) -> (u64, u64) {
        (
            self.counts.jobs.load(Ordering::Relaxed),
            self.counts.commits.load(Ordering::Relaxed),
        )
    }
}

impl Running {
    /// Waits until everything that was handed over is done; it ends when no [`Writer`] is left.
    pub fn finish(self) {
        if self.0.join().is_err() {
            warn("the writer ended early; what was answered is stored");
        }
    }
}

fn attempt<T>(
    registrar: &mut Registrar,
    work: impl FnOnce(&mut Registrar) -> Result<T, Problem>,
) -> Result<T, Problem> {
    registrar.attempt(|registrar| {
        catch_unwind(AssertUnwindSafe(|| work(registrar)))
            .unwrap_or_else(|_| Err(Problem::internal()))
    })
}

fn run(
    mut registrar: Registrar,
    mut waiting: mpsc::Receiver<Job>,
    most_together: usize,
    counts: &Counts,
) {
    let mut jobs = Vec::new();
    while waiting.blocking_recv_many(&mut jobs, most_together) > 0 {
        let count = u64::try_from(jobs.len()).unwrap_or(u64::MAX);
        let mut answers: Vec<Answer> = Vec::with_capacity(jobs.len());
        let committed = registrar
            .together(|registrar| answers.extend(jobs.drain(..).map(|job| job(registrar))));
        counts.jobs.fetch_add(count, Ordering::Relaxed);
        counts.commits.fetch_add(1, Ordering::Relaxed);
        counts.note(&registrar);
        for answer in answers {
            answer(committed.map_err(Problem::from));
        }
        jobs.clear();
    }
}
