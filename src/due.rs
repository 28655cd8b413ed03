//! What is due with a change: reminders, escalations, deadlines. Worked out here from the change alone; a host acts on it.

use serde::Serialize;

use crate::change::{Answer, Change, LaterIncident, Question, Reminded, Vote};
use crate::command::{Actor, Command};
use crate::evaluate::{Subject, evaluate, has_spoken, is_met, principals, too_few};
use crate::event::{Candidate, RequiredApproval};
use crate::facts::{Facts, beside, successors};
use crate::id::{LevelId, PersonId, RuleId};
use crate::log::Record;
use crate::policy::{
    ApprovalRule, Authorization, ChangeModel, Escalate, Meaning, Phase, Policy, ReviewTrigger,
};
use crate::report::{Desk, of_change};
use crate::review::{is_reviewed, own_reasons};
use crate::rules::Rules;
use crate::sorted::distinct;
use crate::time::Instant;
use crate::wire::Decode;
use crate::world::World;

/// One thing that is due, or will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Due {
    /// What.
    pub what: What,
    /// When it is or was due.
    pub at: Instant,
    /// Whether that is over.
    pub overdue: bool,
    /// Whom it waits for, as far as the change tells; empty where a role does it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
}

/// What can be due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum What {
    /// Those who have not answered are reminded.
    Remind {
        /// Of which rule.
        rule: RuleId,
    },
    /// Those above are asked as well.
    Escalate {
        /// Of which rule.
        rule: RuleId,
    },
    /// Somebody put their vote off until then.
    Deferred {
        /// Of which rule.
        rule: RuleId,
    },
    /// The requester answers a question: it is due when its approver would be reminded, or after a day.
    Answer {
        /// Which, counted from 1.
        question: u32,
    },
    /// Work that started before its approval is ratified.
    Ratify {},
    /// The window has opened, or is over, and the work has not started.
    Start {},
    /// The window ends: ask for more time, or back out.
    End {},
    /// The time of observation is over.
    Observe {},
    /// The post-implementation review is recorded.
    Review {
        /// By which trigger; left out, by the core's own minimum.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trigger: Option<RuleId>,
    },
    /// A waiver is looked back at.
    ReviewWaiver {
        /// Which, counted from 1.
        waiver: u32,
    },
    /// An incident that showed after the change was closed is reviewed.
    ReviewIncident {
        /// Which, counted from 1.
        incident: u32,
    },
}

/// A question is to be answered within this time, where no rule says when its approver is reminded.
const ANSWER_MIN: u32 = 24 * 60;
/// What went wrong or was out of order is to be reviewed within this time, where the policy says none.
///
/// # Source
/// Clocks in use: a post-implementation review within five days.
const REVIEW_MIN: u32 = 5 * 24 * 60;
/// So many reminders a rule gives each time that it asks. Who has answered none of them is no longer a matter of reminding, and
/// a change that everybody forgot does not fill its log.
const MOST_REMINDERS: usize = 30;

/// Everything that is due with a change at a moment, or will be, the earliest first.
#[must_use]
pub fn due(policy: &Policy, change: &Change, now: Instant) -> Vec<Due> {
    let Some(model) = policy.model(change.model.as_str()) else {
        return Vec::new();
    };
    let look = Look {
        policy,
        change,
        model,
        now,
    };
    if change.phase.is_terminal() {
        return look.incidents();
    }
    let mut all = Vec::new();
    if change.hold.is_none() {
        all.extend(look.votes());
        all.extend(look.questions());
        all.extend(look.window());
    }
    all.extend(look.ratification());
    all.extend(look.after());
    all.sort_by_key(|due| due.at);
    all
}

/// What a host does by its own hand with a change at a moment: it reminds those who have not answered, asks those above where
/// an approval waited too long, and gives on what waits for somebody who left, to their manager. Only what would be accepted: a host that asks every minute
/// keeps no refusal every minute.
#[must_use]
pub fn due_of_host(policy: &Policy, record: &Record, world: &World, now: Instant) -> Vec<Command> {
    let Some(change) = record.readable() else {
        return Vec::new();
    };
    let nobody = PersonId(String::new());
    let desk = Desk {
        policy,
        record,
        person: &nobody,
        now,
        world,
        number: None,
    };
    let facts = of_change(&desk, &change, &change.fields);
    let due = due(policy, &as_asked_now(policy, &change, &facts), now).into_iter();
    let prompts = due
        .filter(|due| due.overdue)
        .filter_map(|due| match due.what {
            What::Remind { rule } => Some(Command::Remind { rule }),
            What::Escalate { rule } => Some(Command::Escalate { rule }),
            What::Deferred { .. }
            | What::Answer { .. }
            | What::Ratify {}
            | What::Start {}
            | What::End {}
            | What::Observe {}
            | What::Review { .. }
            | What::ReviewWaiver { .. }
            | What::ReviewIncident { .. } => None,
        });
    let is_accepted = |command: &Command| {
        let facts = beside(facts.clone(), policy, &change, command, &nobody, world);
        let decision = record.decide(policy, command, &Actor::Host {}, now, &facts);
        decision.is_ok()
    };
    let given = given_on(&desk, &change, &facts, &is_accepted);
    // Those above are asked once it is known that nobody takes over.
    let waits =
        |command: &Command| !matches!(command, Command::Escalate { .. }) || given.is_empty();
    let prompts: Vec<_> = prompts
        .filter(|command| waits(command) && is_accepted(command))
        .collect();
    prompts.into_iter().chain(given).collect()
}

/// The change with the approvals that it needs as things stand now. Those that its last step wrote down name who was there then.
fn as_asked_now(policy: &Policy, change: &Change, facts: &Facts) -> Change {
    let mut now = change.clone();
    if let Some(subject) = Subject::of(policy, change, facts) {
        let standing = evaluate(&subject);
        now.approvals.clone_from(&standing.approvals);
        now.level.clone_from(&standing.risk.level);
    }
    now
}

/// Whom the host gives the decisions of those who left: for each the nearest who may take them over, where they are missing.
fn given_on(
    desk: &Desk<'_>,
    change: &Change,
    facts: &Facts,
    is_accepted: &dyn Fn(&Command) -> bool,
) -> Vec<Command> {
    let Desk { policy, world, .. } = *desk;
    let waits = matches!(
        change.phase,
        Phase::Assess | Phase::Authorize | Phase::Scheduled
    );
    if !waits {
        return Vec::new();
    }
    let left = facts.approvers.iter().flat_map(|known| known.left.iter());
    let leavers = distinct(left.cloned()).into_iter();
    let given = |from: &PersonId, to: &PersonId| {
        let mut known = change.handed_on.iter();
        known.any(|known| known.from == *from && known.to == *to)
    };
    leavers
        .filter_map(|from| {
            let next = successors(policy, &from, world).into_iter();
            let mut next = next
                .filter(|to| !given(&from, to))
                .map(|to| Command::HandOn {
                    from: from.clone(),
                    to,
                });
            next.find(is_accepted)
        })
        .collect()
}

/// Since when a rule asks for its yes: since the change waits for approvals, since the last yes of the stages before, or since
/// it goes on after a hold.
/// None while it does not. Where the work may start before its approval, that is asked for since it started or was recorded.
#[must_use]
pub fn asked_since(
    model: &ChangeModel,
    change: &Change,
    approvals: &[RequiredApproval],
    rule: &RuleId,
) -> Option<Instant> {
    let stage = approvals.iter().find(|known| known.rule == *rule)?.stage;
    let before = |vote: &&Vote| {
        let mut earlier = approvals.iter().filter(|known| known.stage < stage);
        vote.answer == Answer::Yes && !vote.void && earlier.any(|known| known.rule == vote.rule)
    };
    let yeses = change.votes.iter().filter(before).map(|vote| vote.at);
    let since = change.asked_since.or_else(|| began(model, change));
    let asked = since.into_iter().chain(yeses).max()?;
    // While it was on hold nobody was asked: they have their time again.
    Some(change.resumed_at.map_or(asked, |again| asked.max(again)))
}

fn began(model: &ChangeModel, change: &Change) -> Option<Instant> {
    let afterwards = matches!(model.authorization, Authorization::Afterwards { .. });
    let is_work = |phase: Phase| matches!(phase, Phase::Implement | Phase::Review);
    let states = model.life_cycle.states.iter();
    let of_work: Vec<_> = states.filter(|state| is_work(state.phase)).collect();
    let mut path = change.path.iter().filter(|_| afterwards);
    let first = path.find(|passed| of_work.iter().any(|state| state.id == passed.state));
    first.map(|passed| passed.at)
}

/// When those who have not answered a rule that asks since a moment are reminded next; none where they are not, or not again.
pub(crate) fn next_reminder(
    change: &Change,
    rule: &ApprovalRule,
    since: Instant,
) -> Option<Instant> {
    let remind = rule.remind?;
    let of_now = |known: &&Reminded| known.rule == rule.id && since <= known.at;
    let given = change.reminded.iter().filter(of_now);
    match given.clone().next_back() {
        None => Some(since.plus_minutes(remind.after_min)),
        Some(_) if given.count() >= MOST_REMINDERS => None,
        Some(last) => Some(last.at.plus_minutes(remind.every_min?)),
    }
}

/// Those who are asked by a rule, above as well, and have given no answer that stands. Who put theirs off is asked again when
/// that is over.
pub(crate) fn unanswered<'c>(
    rules: Rules,
    change: &'c Change,
    approval: &'c RequiredApproval,
    now: Instant,
) -> impl Iterator<Item = &'c Candidate> {
    let is_over = move |vote: &Vote| vote.until.is_some_and(|until| until <= now);
    let answered = move |person: &PersonId| {
        let mut votes = change.votes.iter().filter(|vote| !vote.void);
        votes.any(|vote| vote.rule == approval.rule && vote.principal() == person && !is_over(vote))
    };
    // Where people are counted, whoever has answered for one is not asked for another.
    let counted = rules.since(Rules::V3);
    let asked = approval
        .eligible
        .iter()
        .filter(move |candidate| !(counted && has_spoken(change, approval, &candidate.person)));
    let asked = asked.chain(&approval.above);
    asked.filter(move |candidate| !answered(candidate.principal()))
}

/// When those above are asked: after the time that the rule gives, and at once where those whom it asks are too few.
pub(crate) fn escalated_at(
    rules: Rules,
    change: &Change,
    approval: &RequiredApproval,
    escalate: &Escalate,
    since: Instant,
) -> Instant {
    if rules.since(Rules::V3) && too_few(Some(change), approval) {
        return since;
    }
    since.plus_minutes(escalate.after_min)
}

/// The persons among candidates, each once.
pub(crate) fn persons<'c>(candidates: impl Iterator<Item = &'c Candidate>) -> Vec<PersonId> {
    distinct(candidates.map(|candidate| candidate.person.clone()))
}

struct Look<'a> {
    policy: &'a Policy,
    change: &'a Change,
    model: &'a ChangeModel,
    now: Instant,
}

impl Look<'_> {
    fn due(&self, what: What, at: Instant, people: Vec<PersonId>) -> Due {
        Due {
            what,
            at,
            overdue: at <= self.now,
            people,
        }
    }

    /// The approvals that are asked for now: those of the lowest stage that is not complete.
    fn asked(&self) -> Vec<&RequiredApproval> {
        let afterwards = matches!(self.model.authorization, Authorization::Afterwards { .. });
        let waits = match self.change.phase {
            Phase::Authorize | Phase::Scheduled => true,
            Phase::Implement | Phase::Review => afterwards,
            Phase::Draft | Phase::Assess | Phase::Closed | Phase::Rejected | Phase::Canceled => {
                false
            }
        };
        let level: &LevelId = &self.change.level;
        let open = |approval: &&RequiredApproval| {
            waits
                && !is_met(
                    Rules::CURRENT,
                    self.policy,
                    self.change,
                    approval,
                    level,
                    None,
                )
        };
        let open: Vec<_> = self.change.approvals.iter().filter(open).collect();
        let first = open.iter().map(|approval| approval.stage).min();
        open.into_iter()
            .filter(|approval| Some(approval.stage) == first && !self.change.unauthorized)
            .collect()
    }

    fn votes(&self) -> Vec<Due> {
        let asked = self.asked();
        let all = asked.iter().flat_map(|approval| {
            let since = asked_since(
                self.model,
                self.change,
                &self.change.approvals,
                &approval.rule,
            );
            let rule = self.policy.approval(approval.rule.as_str());
            let waiting = rule
                .zip(since)
                .map(|(rule, since)| self.waiting(approval, rule, since));
            let deferred = self.deferred(approval);
            waiting.into_iter().flatten().chain(deferred)
        });
        all.collect()
    }

    fn waiting(
        &self,
        approval: &RequiredApproval,
        rule: &ApprovalRule,
        since: Instant,
    ) -> Vec<Due> {
        let people = persons(unanswered(Rules::CURRENT, self.change, approval, self.now));
        let mut all = Vec::new();
        let next = next_reminder(self.change, rule, since).filter(|_| !people.is_empty());
        if let Some(at) = next {
            let what = What::Remind {
                rule: rule.id.clone(),
            };
            all.push(self.due(what, at, people));
        }
        let escalated = self.change.escalated.iter();
        let done = escalated
            .into_iter()
            .any(|known| known.rule == rule.id && since <= known.at);
        if let Some(escalate) = rule.escalate.as_ref().filter(|_| !done) {
            let what = What::Escalate {
                rule: rule.id.clone(),
            };
            let at = escalated_at(Rules::CURRENT, self.change, approval, escalate, since);
            all.push(self.due(what, at, Vec::new()));
        }
        all
    }

    fn deferred(&self, approval: &RequiredApproval) -> Vec<Due> {
        let last = principals(approval).into_iter().filter_map(|principal| {
            let mut votes = self.change.votes.iter().rev();
            votes.find(|vote| {
                vote.rule == approval.rule && !vote.void && vote.principal() == principal
            })
        });
        let put_off = last.filter(|vote| vote.answer == Answer::Deferred);
        let due = put_off.filter_map(|vote| {
            let what = What::Deferred {
                rule: approval.rule.clone(),
            };
            Some(self.due(what, vote.until?, vec![vote.by.clone()]))
        });
        due.collect()
    }

    fn questions(&self) -> Vec<Due> {
        let numbered = (1_u32..).zip(&self.change.questions);
        let open = numbered.filter(|(_, question)| question.answer.is_none());
        open.map(|(question, known)| {
            let people = vec![self.change.requester.clone()];
            let at = known.asked.at.plus_minutes(self.answered_within(known));
            self.due(What::Answer { question }, at, people)
        })
        .collect()
    }

    fn answered_within(&self, question: &Question) -> u32 {
        let rule = question.rule.as_ref();
        let rule = rule.and_then(|rule| self.policy.approval(rule.as_str()));
        let remind = rule.and_then(|rule| rule.remind);
        remind.map_or(ANSWER_MIN, |remind| remind.after_min)
    }

    fn planned(&self, meaning: Meaning) -> Option<Instant> {
        let field = self.policy.meaning(meaning)?;
        self.change.fields.get(&field.id)?.as_text()?.parse().ok()
    }

    fn implementers(&self) -> Vec<PersonId> {
        let field = self.policy.meaning(Meaning::Implementers);
        let value = field.and_then(|field| self.change.fields.get(&field.id));
        value
            .map(|value| value.ids().map(PersonId::from).collect())
            .unwrap_or_default()
    }

    fn window(&self) -> Option<Due> {
        match self.change.phase {
            Phase::Scheduled => {
                let opens = self.planned(Meaning::WindowStart)?;
                Some(self.due(What::Start {}, opens, self.implementers()))
            }
            Phase::Implement => {
                let planned = self.planned(Meaning::WindowEnd)?;
                let granted = self.change.extension.as_ref();
                let granted = granted.and_then(|extension| extension.granted_until);
                let ends = granted.map_or(planned, |granted| granted.max(planned));
                Some(self.due(What::End {}, ends, self.implementers()))
            }
            Phase::Draft
            | Phase::Assess
            | Phase::Authorize
            | Phase::Review
            | Phase::Closed
            | Phase::Rejected
            | Phase::Canceled => None,
        }
    }

    /// The deadline counts from the start of the work, as reported or as it was begun here: the earlier, since a report does
    /// not put it off.
    fn ratification(&self) -> Option<Due> {
        let Authorization::Afterwards { deadline_min } = self.model.authorization else {
            return None;
        };
        let reported = self.change.completed.as_ref();
        let reported = reported.map(|completed| completed.started_at);
        let began = reported.into_iter().chain(self.change.started_at).min()?;
        let open = self.change.authorized.is_none() && !self.change.unauthorized;
        let people = self
            .asked()
            .into_iter()
            .flat_map(|asked| persons(unanswered(Rules::CURRENT, self.change, asked, self.now)));
        open.then(|| {
            self.due(
                What::Ratify {},
                began.plus_minutes(deadline_min),
                distinct(people),
            )
        })
    }

    /// What is looked back at after the work.
    fn after(&self) -> Vec<Due> {
        let mut all = Vec::new();
        if let Some(completed) = &self.change.completed {
            let observe = self.model.observe.as_ref();
            let watched = observe.filter(|_| self.change.observation_ended.is_none());
            all.extend(watched.map(|observe| {
                let until = completed.ended().plus_minutes(observe.minutes);
                self.due(What::Observe {}, until, self.implementers())
            }));
            all.extend(self.review(completed.at));
        }
        let numbered = (1_u32..).zip(&self.change.waivers);
        let open = numbered.filter(|(_, waiver)| waiver.review.is_none());
        all.extend(open.map(|(waiver, known)| {
            self.due(What::ReviewWaiver { waiver }, known.until, Vec::new())
        }));
        all
    }

    /// The review by each deadline of the policy; where none applies and the core asks for one, by the core's own.
    fn review(&self, reported: Instant) -> Vec<Due> {
        if is_reviewed(crate::rules::Rules::CURRENT, self.change) {
            return Vec::new();
        }
        let due = |trigger: Option<RuleId>, minutes: u32| {
            let at = reported.plus_minutes(minutes);
            self.due(What::Review { trigger }, at, Vec::new())
        };
        let triggers = self.review_triggers().into_iter();
        let dated =
            triggers.filter_map(|trigger| Some(due(Some(trigger.id.clone()), trigger.within_min?)));
        let mut all: Vec<_> = dated.collect();
        if all.is_empty() && !own_reasons(self.change).is_empty() {
            all.push(due(None, REVIEW_MIN));
        }
        all
    }

    /// The policy's triggers that ask for a review of what became of the change.
    fn review_triggers(&self) -> Vec<&ReviewTrigger> {
        let facts = Facts::default();
        let applies = |trigger: &&ReviewTrigger| {
            // What only the host's facts could tell is asked for on closing, and has no date of its own here.
            crate::evaluate::triggers(self.policy, self.change, &trigger.when, &facts) == Some(true)
        };
        self.policy.reviews.iter().filter(applies).collect()
    }

    /// Of each incident that was recorded after the end, its review: by the shortest time that the policy gives a review of such
    /// a change, or by the core's own.
    fn incidents(&self) -> Vec<Due> {
        let triggers = self.review_triggers().into_iter();
        let within = triggers.filter_map(|trigger| trigger.within_min).min();
        let due = |(incident, known): (u32, &LaterIncident)| {
            let at = known.recorded.at.plus_minutes(within.unwrap_or(REVIEW_MIN));
            self.due(What::ReviewIncident { incident }, at, Vec::new())
        };
        self.change.unreviewed_incidents().map(due).collect()
    }
}
