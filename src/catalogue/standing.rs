//! How far a template is trusted, worked out from its log and its runs alone.
//!
//! Nobody has to record anything for a template to be out of use: whoever asks works it out, and comes to the same.

use serde::Serialize;

use crate::id::ChangeId;
use crate::policy::{Policy, TrustRule};
use crate::time::Instant;
use crate::wire::Decode;
use crate::world::Run;

use super::sample::{DAY_MIN, failed, is_old, went_well};
use super::{TemplateRecord, TemplateVersion};

/// How many runs are named as the cause of something.
const NAMED: usize = 20;

/// How far a template is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TemplateStatus {
    /// Nobody has agreed to it yet.
    Proposed,
    /// It may be used.
    Active,
    /// It may be used, and each of its runs is reviewed.
    Probation,
    /// It may not be used: its runs failed, or somebody said so.
    Suspended,
    /// It may not be used: it was neither used nor looked at for too long.
    Expired,
    /// It was given up.
    Retired,
}

impl TemplateStatus {
    /// Whether changes may be carried by it.
    #[must_use]
    pub const fn is_usable(self) -> bool {
        matches!(self, Self::Active | Self::Probation)
    }
}

/// How far a template is trusted, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Standing {
    /// How far.
    pub status: TemplateStatus,
    /// The very runs that caused it, the latest first, at most 20; empty where none did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<RunRef>,
    /// How many of its runs that count went well.
    pub successes: u32,
    /// How many failed.
    pub failures: u32,
    /// What it needs to come further.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
}

/// A run by its change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunRef {
    /// Which change.
    pub change: ChangeId,
    /// Its spoken number.
    pub number: String,
}

/// What a template needs to come further, and how much of it there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Next {
    /// What it needs.
    pub needs: Progress,
    /// How many there are.
    pub have: u32,
    /// How many it takes.
    pub need: u32,
}

/// What a template can need to come further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Progress {
    /// Earlier changes of its kind that went well.
    Samples,
    /// People who agree to it.
    Yeses,
    /// Runs on probation.
    Probation,
}

/// Works out how far a template is trusted at a time, by the policy's rule for its model and the runs that the host knows.
///
/// A failure suspends it for good, until people look at it: nothing that happens later, nor time, takes it back.
#[must_use]
pub fn standing(policy: &Policy, record: &TemplateRecord, runs: &[Run], now: Instant) -> Standing {
    let life = Life::of(policy, record, runs, now);
    let (status, because, next) = life.status();
    Standing {
        status,
        because: because.iter().map(|run| named(run)).take(NAMED).collect(),
        successes: life.count(record.successes_before, went_well),
        failures: life.count(record.failures_before, failed),
        next,
    }
    .recorded(record)
}

impl Standing {
    /// What the log has recorded as the cause stays the cause.
    fn recorded(mut self, record: &TemplateRecord) -> Self {
        if let Some(lapse) = &record.lapsed
            && self.status == lapse.status
        {
            self.because.clone_from(&lapse.because);
        }
        self
    }
}

fn named(run: &Run) -> RunRef {
    RunRef {
        change: run.change.clone(),
        number: run.number.clone(),
    }
}

fn counted(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A template with its runs, the latest first.
struct Life<'a> {
    policy: &'a Policy,
    rule: Option<&'a TrustRule>,
    record: &'a TemplateRecord,
    all: &'a [Run],
    runs: Vec<&'a Run>,
    now: Instant,
}

type Status<'a> = (TemplateStatus, Vec<&'a Run>, Option<Next>);

impl<'a> Life<'a> {
    fn of(policy: &'a Policy, record: &'a TemplateRecord, all: &'a [Run], now: Instant) -> Self {
        let current = record.current();
        let own = |run: &&Run| {
            let used = run.template.as_ref();
            used.is_some_and(|used| used.id == record.template)
        };
        let mut runs: Vec<&Run> = all.iter().filter(own).collect();
        runs.sort_by(|one, other| {
            let latest = other.reported_at.cmp(&one.reported_at);
            latest.then_with(|| other.change.cmp(&one.change))
        });
        Self {
            policy,
            rule: current.and_then(|version| policy.trust_in(&version.content.model)),
            record,
            all,
            runs,
            now,
        }
    }

    fn count(&self, before: u32, what: impl Fn(&Run) -> bool) -> u32 {
        let counts = |run: &&&Run| {
            let open = went_well(run) && run.closed_at.is_none();
            !open && self.rule.is_none_or(|rule| !is_old(rule, run, self.now))
        };
        let runs = self.runs.iter().filter(counts).filter(|run| what(run));
        before.saturating_add(counted(runs.count()))
    }

    fn status(&self) -> Status<'a> {
        let record = self.record;
        if record.retired.is_some() {
            return (TemplateStatus::Retired, Vec::new(), None);
        }
        let Some(agreed) = &record.agreed else {
            return (TemplateStatus::Proposed, Vec::new(), self.proposed());
        };
        if record.suspended.is_some() {
            return (TemplateStatus::Suspended, Vec::new(), None);
        }
        if let Some(lapse) = &record.lapsed {
            return (lapse.status, Vec::new(), None);
        }
        let failures = self.suspending();
        if !failures.is_empty() {
            return (TemplateStatus::Suspended, failures, None);
        }
        if let Some(last) = self.expired(agreed) {
            return (TemplateStatus::Expired, last, None);
        }
        match self.probation() {
            Some(next) => (TemplateStatus::Probation, Vec::new(), Some(next)),
            None => (TemplateStatus::Active, Vec::new(), None),
        }
    }

    /// What a first version waits for: samples, then yeses.
    fn proposed(&self) -> Option<Next> {
        let proposed = self.record.proposed.as_ref()?;
        let rule = self.rule?;
        let TemplateVersion {
            content, samples, ..
        } = proposed;
        let samples = super::samples(self.policy, rule, content, samples, self.all, self.now);
        let fit = samples.iter().filter(|sample| sample.fault.is_none());
        let have = counted(fit.count());
        if have < rule.successes {
            return Some(Next {
                needs: Progress::Samples,
                have,
                need: rule.successes,
            });
        }
        Some(Next {
            needs: Progress::Yeses,
            have: counted(proposed.agreed_by.len()),
            need: rule.yeses.unwrap_or(1),
        })
    }

    fn since(&self, from: Option<Instant>) -> impl Iterator<Item = &'a Run> {
        self.runs
            .iter()
            .copied()
            .filter(move |run| from.is_none_or(|from| from <= run.reported_at))
    }

    /// The runs that end the trust in it, the latest first.
    fn suspending(&self) -> Vec<&'a Run> {
        let Some(rule) = self.rule else {
            return Vec::new();
        };
        let from = self.record.trusted_from;
        let runs: Vec<_> = self.since(from).collect();
        // An incident counts from when it was recorded: who looked at the template before could not know of it.
        let since = |run: &&Run| {
            let known = run.incident_at.unwrap_or(run.reported_at);
            from.is_none_or(|from| from <= known.max(run.reported_at))
        };
        let incidents = self.runs.iter().copied().filter(since);
        let incidents = incidents.filter(|run| rule.suspended_by_incident && run.incident);
        let failures = rule.failures.map(|bound| {
            let of_last = usize::try_from(bound.of_last).unwrap_or(usize::MAX);
            // Any stretch of so many runs counts: what has failed is not outrun by what was under way.
            let each = runs.windows(of_last.min(runs.len()).max(1));
            let too_many = each.map(|stretch| {
                let failed = stretch.iter().copied().filter(|run| failed(run));
                failed.collect::<Vec<_>>()
            });
            too_many
                .filter(|found| !found.is_empty() && counted(found.len()) >= bound.failed)
                .flatten()
                .collect::<Vec<_>>()
        });
        let causes: Vec<&Run> = incidents.chain(failures.into_iter().flatten()).collect();
        let is_cause = |run: &&Run| causes.iter().any(|cause| cause.change == run.change);
        self.runs.iter().copied().filter(is_cause).collect()
    }

    /// The last run, where it was too long ago that it was used or looked at.
    fn expired(&self, agreed: &TemplateVersion) -> Option<Vec<&'a Run>> {
        let days = self.rule?.expires_after_days?;
        let last = self.runs.first().copied();
        let looked_at = self.record.reviewed_at.unwrap_or(agreed.proposed_at);
        let touched = last.map_or(looked_at, |run| run.reported_at.max(looked_at));
        let rested = self.now.minutes_since(touched);
        let most = i64::from(days).saturating_mul(DAY_MIN);
        (rested > most).then(|| last.into_iter().collect())
    }

    /// How far it is through its probation; none where that is over.
    fn probation(&self) -> Option<Next> {
        let need = self.rule?.probation?;
        let from = self.record.probation_from?;
        let closed = self
            .since(Some(from))
            .filter(|run| run.closed_at.is_some())
            .count();
        let have = counted(closed);
        (have < need).then_some(Next {
            needs: Progress::Probation,
            have,
            need,
        })
    }
}
