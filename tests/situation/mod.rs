//! A change of each model put into each state by hand, as it just came there or with all that could be asked for, and every
//! command tried on it by every hand.

use changegate::change::{
    Answer, Authorized, Change, Completed, Done, Evaluated, Extension, LaterIncident, Linked,
    Passed, Question, Said, Vote, VoteCondition, Waiver, YesNo,
};
use changegate::command::{Actor, Asked, Command, ErasureGround, Outcome, Relationship, TaskStep};
use changegate::decide::decide;
use changegate::draft::Content;
use changegate::evidence::{Evidence, TestResult};
use changegate::facts::{Facts, RelatedFact};
use changegate::id::{ChangeId, PersonId, RoleId, RuleId};
use changegate::policy::{
    ApprovalRule, Condition, Kind, Meaning, Phase, Policy, Relation, Stage, State,
};
use changegate::refusal::Refusal;
use changegate::time::Instant;
use changegate::value::{Digest, Value, Words};
use changegate::wire::Later;

use crate::organisation::{ASKED, CLOSES, Case, OPENS, instant};
use crate::walk::given;

/// Somebody who has nothing to do with the change but a role.
const OUTSIDER: &str = "outsider";
/// Somebody who did the one thing that the hand at work must not have done.
const OTHER: &str = "other";
const WORDS: Words = Words::Sealed(Digest([7; 32]));

/// Whose hand: a role and nothing else, whoever is asked for an approval, or the host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hand {
    Role(RoleId),
    Asked,
    Host,
}

pub struct Situation<'a> {
    pub case: &'a Case<'a>,
    base: Change,
    policy_hash: Digest,
}

/// A command, and the change and facts with which nothing but who wants it and where it stands can speak against it.
pub struct Attempt {
    pub name: String,
    pub command: Command,
    pub change: Change,
    pub facts: Facts,
    pub now: Instant,
}

/// While the window is open.
pub fn within() -> Instant {
    Instant::from_millis(instant(OPENS).millis() + 600_000).unwrap()
}

fn said(by: &str) -> Said {
    Said::of(&PersonId::from(by), instant(ASKED), &WORDS)
}

impl<'a> Situation<'a> {
    pub fn of(case: &'a Case<'a>) -> Self {
        Self {
            case,
            base: case.submitted().change.unwrap(),
            policy_hash: case.organisation.policy.hash(),
        }
    }

    pub fn policy(&self) -> &Policy {
        &self.case.organisation.policy
    }

    pub fn states(&self) -> &[State] {
        &self.case.model.life_cycle.states
    }

    /// Every hand that a policy knows.
    pub fn hands(&self) -> Vec<Hand> {
        let roles = self
            .policy()
            .roles
            .iter()
            .map(|role| Hand::Role(role.id.clone()));
        roles.chain([Hand::Asked, Hand::Host]).collect()
    }

    /// The change as it just came to a state.
    pub fn arrived(&self, state: &State) -> Change {
        let mut change = self.base.clone();
        change.state = state.id.clone();
        change.phase = state.phase;
        change.asked_since = Some(instant(ASKED));
        change.path.push(Passed {
            state: state.id.clone(),
            at: instant(ASKED),
        });
        change
    }

    /// The change in a state, with all that anything could ask for.
    pub fn ripe(&self, state: &State) -> Change {
        let mut change = self.arrived(state);
        let level = change.level.clone();
        change.votes = self.yeses(&change);
        change.authorized.get_or_insert(Authorized {
            at: instant(ASKED),
            content_hash: change.content_hash,
            level,
            template: None,
        });
        for state in self.states() {
            change
                .accountable
                .insert(state.id.clone(), self.case.implementer.clone());
        }
        change.evaluated = Some(Evaluated {
            by: PersonId::from(OTHER),
            at: within(),
            content_hash: change.content_hash,
            fields: Vec::new(),
            note: None,
        });
        for stage in [Stage::Evaluation, Stage::Completion, Stage::Review] {
            change.recorded.extend(given(self.case, stage, true));
        }
        if state.phase == Phase::Review {
            change.completed = Some(completed(&self.case.implementer));
            change.review = Some(said(OTHER));
        }
        change
    }

    /// A yes of everybody who is asked.
    fn yeses(&self, change: &Change) -> Vec<Vote> {
        let asked = change.approvals.iter().flat_map(|approval| {
            let rule = &approval.rule;
            approval
                .eligible
                .iter()
                .map(move |candidate| (rule, candidate))
        });
        asked
            .map(|(rule, candidate)| Vote {
                rule: rule.clone(),
                by: candidate.person.clone(),
                on_behalf_of: candidate.on_behalf_of.clone(),
                at: instant(ASKED),
                answer: Answer::Yes,
                content_hash: change.content_hash,
                level: change.level.clone(),
                words: None,
                until: None,
                void: false,
            })
            .collect()
    }

    /// What a decision reads of the world, whoever acts. Before the work it is planned, then its window is open.
    pub fn facts(&self, now: Instant) -> Facts {
        self.case
            .facts(&self.case.content, &PersonId::from(OUTSIDER), now)
    }

    /// The moment at which a change stands in a phase without being late or early.
    pub fn moment(&self, phase: Phase) -> Instant {
        match phase {
            Phase::Draft
            | Phase::Assess
            | Phase::Authorize
            | Phase::Scheduled
            | Phase::Rejected => instant(ASKED),
            Phase::Implement | Phase::Review | Phase::Closed | Phase::Canceled => within(),
        }
    }

    /// Who acts, by what hand.
    fn actor(&self, hand: &Hand, attempt: &Change, rule: Option<&RuleId>) -> Actor {
        let person = |id: &PersonId, roles: Vec<RoleId>| Actor::Person {
            person: id.clone(),
            roles,
            on_behalf_of: None,
        };
        match hand {
            Hand::Host => Actor::Host {},
            Hand::Asked => {
                let approval = attempt
                    .approvals
                    .iter()
                    .find(|approval| Some(&approval.rule) == rule);
                let asked = approval.and_then(|approval| approval.eligible.first());
                let outsider = PersonId::from(OUTSIDER);
                person(asked.map_or(&outsider, |asked| &asked.person), Vec::new())
            }
            Hand::Role(role) => {
                let known = self
                    .policy()
                    .roles
                    .iter()
                    .find(|known| known.id == *role)
                    .unwrap();
                let outsider = PersonId::from(OUTSIDER);
                let id = match known.relation {
                    Some(Relation::Requester) => &self.case.requester,
                    Some(Relation::Implementer) => &self.case.implementer,
                    Some(Relation::Anybody | Relation::ServiceOwner) | None => &outsider,
                };
                person(id, vec![role.clone()])
            }
        }
    }

    /// What a command comes to by a hand: nothing where it was accepted, else every reason why not.
    pub fn refusals(&self, policy: &Policy, attempt: &Attempt, hand: &Hand) -> Vec<Refusal> {
        let actor = self.actor(hand, &attempt.change, rule_of(&attempt.command));
        let decision = decide(
            policy,
            Some(&attempt.change),
            &attempt.command,
            &actor,
            attempt.now,
            &attempt.facts,
        );
        decision.map_or_else(changegate::non_empty::NonEmpty::into_vec, |_| Vec::new())
    }

    fn attempt(&self, name: impl Into<String>, command: Command, change: Change) -> Attempt {
        let now = self.moment(change.phase);
        Attempt {
            name: name.into(),
            command,
            facts: self.facts(now),
            change,
            now,
        }
    }

    /// Every command but moves, each in a situation of its own, in the order in which tables show them.
    pub fn attempts(&self, state: &State) -> Vec<Attempt> {
        let saying = self.saying(state);
        let all = saying
            .into_iter()
            .chain(self.judging(state))
            .chain(self.voting(state));
        let all = all.chain(self.preparing(state)).chain(self.proving(state));
        all.chain(self.working(state))
            .chain(self.keeping(state))
            .collect()
    }

    fn saying(&self, state: &State) -> Vec<Attempt> {
        let announce = Command::Announce { text: WORDS };
        let comment = Command::Comment {
            text: WORDS,
            mentions: Vec::new(),
        };
        vec![
            self.attempt("submit again", self.case.submission(), self.arrived(state)),
            self.attempt("edit", self.edit(), self.arrived(state)),
            self.attempt("comment", comment, self.arrived(state)),
            self.attempt("announce", announce, self.arrived(state)),
        ]
    }

    /// Another start within the window, or another text where no window is planned.
    fn edit(&self) -> Command {
        let start = self.policy().meaning(Meaning::WindowStart).unwrap();
        let planned = self.case.content.contains_key(&start.id);
        let is_text = |field: &&changegate::policy::Field| {
            matches!(field.kind, Kind::LongText { .. }) && self.case.content.contains_key(&field.id)
        };
        let (field, value) = if planned {
            (start, Value::Text("2027-01-11T09:05:00.000Z".to_owned()))
        } else {
            let text = self.policy().fields.iter().find(is_text).unwrap();
            (text, Value::Sealed(Digest([9; 32])))
        };
        Command::Edit {
            fields: [(field.id.clone(), Some(value))].into_iter().collect(),
        }
    }

    fn judging(&self, state: &State) -> Vec<Attempt> {
        let evaluate = Command::Evaluate {
            fields: given(self.case, Stage::Evaluation, true),
            note: None,
        };
        let ask = Command::Ask {
            questions: vec![Asked {
                field: None,
                text: WORDS,
            }],
            rule: None,
            transition: None,
        };
        let mut asked = self.arrived(state);
        asked.questions.push(Question {
            field: None,
            rule: None,
            asked: said(OTHER),
            answer: None,
        });
        let answer = Command::Answer {
            question: 1,
            text: WORDS,
        };
        vec![
            self.attempt("evaluate", evaluate, self.arrived(state)),
            self.attempt("ask", ask, self.arrived(state)),
            self.attempt("answer", answer, asked),
        ]
    }

    fn voting(&self, state: &State) -> Vec<Attempt> {
        let Some(first) = self.base.approvals.first() else {
            return Vec::new();
        };
        let (rule, content_hash) = (first.rule.clone(), self.base.content_hash);
        let approve = Command::Approve {
            rule: rule.clone(),
            content_hash,
            level: self.base.level.clone(),
            comment: None,
            conditions: Vec::new(),
        };
        let decline = Command::Decline {
            rule: rule.clone(),
            content_hash,
            reason: WORDS,
        };
        let defer = Command::Defer {
            rule: rule.clone(),
            content_hash,
            until: None,
            reason: WORDS,
        };
        let ask = Command::Ask {
            questions: vec![Asked {
                field: None,
                text: WORDS,
            }],
            rule: Some(rule.clone()),
            transition: None,
        };
        let mut conditional = self.arrived(state);
        conditional.conditions.push(VoteCondition {
            rule,
            set: said(OTHER),
            on_behalf_of: None,
            met: None,
            void: false,
        });
        let fulfill = Command::Fulfill {
            condition: 1,
            note: None,
        };
        let named = [
            ("approve", approve),
            ("decline", decline),
            ("defer", defer),
            ("ask as approver", ask),
        ];
        let mut all: Vec<_> = named
            .into_iter()
            .map(|(name, command)| self.attempt(name, command, self.arrived(state)))
            .collect();
        all.push(self.attempt("fulfill a condition", fulfill, conditional));
        all.extend(self.reminding(state));
        all.extend(self.escalating(state));
        all
    }

    /// The host reminds those who have not answered.
    fn reminding(&self, state: &State) -> Option<Attempt> {
        let reminds = |known: &ApprovalRule| known.remind.is_some();
        let command = |rule| Command::Remind { rule };
        self.prompting("remind", state, reminds, command)
    }

    /// The host asks those above.
    fn escalating(&self, state: &State) -> Option<Attempt> {
        let escalates = |known: &ApprovalRule| known.escalate.is_some();
        let command = |rule| Command::Escalate { rule };
        self.prompting("escalate", state, escalates, command)
    }

    /// What the host does, once every earlier stage said yes and the time is over.
    fn prompting(
        &self,
        name: &'static str,
        state: &State,
        is_due: impl Fn(&ApprovalRule) -> bool,
        command: impl Fn(RuleId) -> Command,
    ) -> Option<Attempt> {
        let stage = |rule: &RuleId| {
            self.policy()
                .approval(rule.as_str())
                .map(|known| known.stage)
        };
        let wanted = |rule: &&RuleId| self.policy().approval(rule.as_str()).is_some_and(&is_due);
        let mut rules = self.base.approvals.iter().map(|approval| &approval.rule);
        let rule = rules.find(wanted)?;
        let mut change = self.arrived(state);
        change.votes = self.yeses(&change);
        change.votes.retain(|vote| stage(&vote.rule) < stage(rule));
        let mut attempt = self.attempt(name, command(rule.clone()), change);
        attempt.now = within();
        Some(attempt)
    }

    fn preparing(&self, state: &State) -> Vec<Attempt> {
        let assign = Command::Assign {
            state: state.id.clone(),
            person: self.case.requester.clone(),
        };
        let other = ChangeId::from("018f0000-0000-7000-8000-00000000ffff");
        let relation = Relationship::PartOf;
        let relate = Command::Relate {
            relation,
            to: other.clone(),
        };
        let unrelate = Command::Unrelate {
            relation,
            to: other.clone(),
        };
        let mut related = self.arrived(state);
        related.relations.push(Linked {
            relation,
            to: other.clone(),
            by: self.case.requester.clone(),
        });
        let mut relating = self.attempt("relate", relate, self.arrived(state));
        relating.facts.related.push(RelatedFact {
            to: other,
            phase: Phase::Assess,
            waits: false,
        });
        let mut held = self.arrived(state);
        // Their own hold: what others let rest is told elsewhere.
        held.hold = Some(said(self.case.requester.as_str()));
        let mut all = vec![
            self.attempt("assign this step", assign, self.arrived(state)),
            self.attempt("hold", Command::Hold { reason: WORDS }, self.arrived(state)),
            self.attempt("resume", Command::Resume { note: None }, held),
            relating,
            self.attempt("unrelate", unrelate, related),
        ];
        all.extend(self.task(state));
        all.extend(self.checks(state));
        all
    }

    fn task(&self, state: &State) -> Option<Attempt> {
        let mut fields = self.policy().fields.iter();
        let field = fields.find(|field| matches!(field.kind, Kind::Tasks { .. }))?;
        let person = Value::Text(self.case.implementer.0.clone());
        let row = [("id", Value::Text("t1".to_owned())), ("person", person)];
        let row = row
            .into_iter()
            .map(|(id, value)| (id.into(), value))
            .collect();
        let mut change = self.arrived(state);
        change
            .fields
            .insert(field.id.clone(), Value::List(vec![Value::Row(row)]));
        let command = Command::Task {
            task: "t1".into(),
            step: TaskStep::Accepted,
            note: None,
        };
        Some(self.attempt("accept a task", command, change))
    }

    fn checks(&self, state: &State) -> Vec<Attempt> {
        let items = self.policy().checklist.iter();
        let check = |id: &RuleId| {
            let command = Command::Check {
                item: id.clone(),
                answer: YesNo::Yes,
                note: None,
            };
            self.attempt(format!("check {id}"), command, self.arrived(state))
        };
        items
            .filter(|item| {
                !item
                    .when
                    .as_ref()
                    .is_some_and(|when| excludes(self.case, when))
            })
            .map(|item| check(&item.id))
            .collect()
    }

    fn proving(&self, state: &State) -> Vec<Attempt> {
        let kinds = self.policy().evidence.iter();
        let attach = |kind: &changegate::policy::EvidenceKind| {
            let command = Command::Attach {
                kind: kind.id.clone(),
                name: WORDS,
                file: None,
                link: None,
                result: kind.result.then_some(TestResult::Passed),
                note: None,
            };
            self.attempt(format!("attach {}", kind.id), command, self.arrived(state))
        };
        let mut all: Vec<_> = kinds.map(attach).collect();
        if let Some(kind) = self.policy().evidence.first() {
            let mut change = self.arrived(state);
            change.evidence.push(evidence(&kind.id));
            let command = Command::Retract {
                evidence: 1,
                reason: WORDS,
            };
            all.push(self.attempt("retract evidence", command, change));
        }
        all.extend(self.waiving(state));
        all
    }

    fn waiving(&self, state: &State) -> Vec<Attempt> {
        let Some(duty) = self.policy().duties.first() else {
            return Vec::new();
        };
        let until = |now: Instant| now.plus_minutes(60);
        let person = PersonId::from(OTHER);
        let waive = Command::Waive {
            duty: duty.id.clone(),
            person: person.clone(),
            until: until(self.moment(state.phase)),
            reason: WORDS,
        };
        let mut waived = self.arrived(state);
        waived.waivers.push(Waiver {
            duty: duty.id.clone(),
            person,
            until: instant(ASKED),
            given: said(OTHER),
            review: None,
        });
        let review = Command::ReviewWaiver {
            waiver: 1,
            text: WORDS,
        };
        vec![
            self.attempt("waive a duty", waive, self.arrived(state)),
            self.attempt("review a waiver", review, waived),
        ]
    }

    fn working(&self, state: &State) -> Vec<Attempt> {
        let now = self.moment(state.phase);
        let complete = Command::Complete {
            outcome: Outcome::Successful,
            started_at: now,
            ended_at: now,
            downtime_min: 0,
            note: None,
            fields: given(self.case, Stage::Completion, true),
        };
        let until = instant(CLOSES).plus_minutes(120);
        let extend = Command::Extend {
            until,
            reason: WORDS,
        };
        let mut asked = self.arrived(state);
        asked.extension = Some(Extension {
            until,
            asked: said(OTHER),
            answer: None,
            decided: None,
            granted_until: None,
        });
        let decide = Command::DecideExtension {
            answer: YesNo::Yes,
            reason: None,
        };
        let review = Command::Review {
            text: WORDS,
            fields: given(self.case, Stage::Review, true),
            incidents: Vec::new(),
        };
        let mut all = vec![
            self.attempt("report the work", complete, self.arrived(state)),
            self.attempt("ask for more time", extend, self.arrived(state)),
            self.attempt("decide on more time", decide, asked),
        ];
        all.extend(self.observing(state));
        let mut done = self.arrived(state);
        done.completed = Some(completed(&PersonId::from(OTHER)));
        done.recorded
            .extend(given(self.case, Stage::Completion, true));
        all.push(self.attempt("review", review, done));
        all.extend(self.learning(state));
        all
    }

    /// Incidents that show once the work was reported.
    fn learning(&self, state: &State) -> [Attempt; 2] {
        let mut done = self.arrived(state);
        if matches!(state.phase, Phase::Review | Phase::Closed) {
            done.completed = Some(completed(&PersonId::from(OTHER)));
        }
        let record = Command::RecordIncident {
            incident: WORDS,
            noticed_at: within(),
            note: None,
        };
        let mut known = done.clone();
        known.later_incidents.push(LaterIncident {
            incident: WORDS,
            noticed_at: within(),
            recorded: Done {
                by: PersonId::from(OTHER),
                at: within(),
                note: None,
            },
            after_end: state.phase.is_terminal(),
            review: None,
        });
        let review = Command::ReviewIncident {
            incident: 1,
            text: WORDS,
        };
        [
            self.attempt("record an incident", record, done),
            self.attempt("review an incident", review, known),
        ]
    }

    fn observing(&self, state: &State) -> Vec<Attempt> {
        let Some(measure) = self
            .case
            .model
            .observe
            .iter()
            .flat_map(|observe| &observe.measures)
            .next()
        else {
            return Vec::new();
        };
        let mut done = self.arrived(state);
        done.completed = Some(completed(&PersonId::from(OTHER)));
        let observe = Command::Observe {
            measure: measure.id.clone(),
            answer: YesNo::Yes,
            note: None,
        };
        vec![
            self.attempt("observe", observe, done.clone()),
            self.attempt(
                "end observation",
                Command::EndObservation { reason: WORDS },
                done,
            ),
        ]
    }

    /// What is done to the record more than to the change.
    fn keeping(&self, state: &State) -> Vec<Attempt> {
        let adopt = Command::AdoptPolicy {
            policy: self.policy_hash,
            state: state.id.clone(),
        };
        let mut older = self.arrived(state);
        older.policy_hash = Digest::ZERO;
        let leaver = PersonId::from("leaver");
        let hand_on = Command::HandOn {
            from: leaver.clone(),
            to: PersonId::from(OTHER),
        };
        let handed_on = self.leaving(state, &leaver).map(|(change, facts)| Attempt {
            facts,
            ..self.attempt("hand on", hand_on, change)
        });
        let erase = Command::Erase {
            commitments: vec![Digest([7; 32])],
            ground: ErasureGround::PersonAsked,
        };
        let mut adopted = self.attempt("adopt a policy", adopt, older);
        adopted.facts.kept_lets = Some(true);
        let erased = self.attempt("erase", erase, self.arrived(state));
        [adopted]
            .into_iter()
            .chain(handed_on)
            .chain([erased])
            .collect()
    }

    /// Somebody who has left is still asked, and nobody else: nothing where nobody is asked for anything.
    fn leaving(&self, state: &State, leaver: &PersonId) -> Option<(Change, Facts)> {
        let mut change = self.arrived(state);
        change.votes.clear();
        let mut facts = self.facts(self.moment(state.phase));
        facts.missing_people.push(leaver.clone());
        let asked = &self.base.approvals.first()?.rule;
        facts.takes_over = true;
        let mut named = facts.approvers.iter_mut();
        let known = named.find(|known| known.rule == *asked)?;
        known.left.push(leaver.clone());
        known.principals.clear();
        known.deputies.clear();
        Some((change, facts))
    }
}

fn rule_of(command: &Command) -> Option<&RuleId> {
    match command {
        Command::Approve { rule, .. }
        | Command::Decline { rule, .. }
        | Command::Defer { rule, .. } => Some(rule),
        Command::Ask { rule, .. } => rule.as_ref(),
        _ => None,
    }
}

fn completed(by: &PersonId) -> Completed {
    Completed {
        by: by.clone(),
        at: within(),
        outcome: Outcome::Successful,
        started_at: within(),
        ended_at: within(),
        downtime_min: 0,
        note: None,
        flags: std::collections::BTreeSet::new(),
    }
}

/// Work that was undone, as somebody else reported it.
pub fn backed_out() -> Completed {
    Completed {
        outcome: Outcome::BackedOut,
        ..completed(&PersonId::from(OTHER))
    }
}

fn evidence(kind: &RuleId) -> Evidence {
    Evidence {
        kind: kind.clone(),
        name: WORDS,
        file: None,
        link: None,
        result: Some(TestResult::Passed),
        note: None,
        by: PersonId::from(OTHER),
        at: instant(ASKED),
        content_hash: Digest::ZERO,
        after_end: false,
        retracted: None,
    }
}

/// What always holds, or never.
pub const fn constant(holds: bool) -> Condition {
    if holds {
        Condition::All(Vec::new())
    } else {
        Condition::Any(Vec::new())
    }
}

/// A policy that asks of a move nothing but what is told here: its guards hold or do not, and each gate is open or shut.
pub fn with_guards(policy: &Policy, guards: bool, gates: impl Fn(&RuleId) -> bool) -> Policy {
    let mut policy = policy.clone();
    let mut all = policy.gates.get().clone();
    for gate in &mut all {
        gate.when = None;
        gate.needs = constant(gates(&gate.id));
    }
    policy.gates = Later::of(all);
    policy.checklist = Later::of(Vec::new());
    policy.reviews = Later::of(Vec::new());
    for model in &mut policy.models {
        model.observe = Later::of(None);
        let mut ways = model.life_cycle.transitions.get().clone();
        for way in &mut ways {
            way.guard = way.guard.as_ref().map(|_| constant(guards));
        }
        model.life_cycle.transitions = Later::of(ways);
    }
    policy
}

/// Whether a condition can hold for no change of this model.
pub fn excludes(case: &Case<'_>, condition: &Condition) -> bool {
    match condition {
        Condition::Model(models) => !models.contains(&case.model.id),
        Condition::All(parts) => parts.iter().any(|part| excludes(case, part)),
        Condition::Any(parts) => !parts.is_empty() && parts.iter().all(|part| excludes(case, part)),
        _ => false,
    }
}

/// The policy with each item of the checklist asked of every change of this model that it could be asked of.
pub fn with_all_checks(case: &Case<'_>) -> Policy {
    let mut policy = case.organisation.policy.clone();
    let mut items = policy.checklist.get().clone();
    items.retain(|item| !item.when.as_ref().is_some_and(|when| excludes(case, when)));
    items.iter_mut().for_each(|item| item.when = None);
    policy.checklist = Later::of(items);
    policy
}

/// The code of a refusal.
pub fn code(refusal: &Refusal) -> String {
    let value = serde_json::to_value(refusal).unwrap();
    value["code"].as_str().unwrap().to_owned()
}

/// What is left of a content without these fields.
pub fn content_without(change: &Change, fields: &[changegate::id::FieldId]) -> Content {
    let mut content = change.fields.clone();
    content.retain(|field, _| !fields.contains(field));
    content
}
