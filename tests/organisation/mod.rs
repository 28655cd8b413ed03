//! The shipped organisations as tests see them: policy and world read from their folders, people cast for each model, and a
//! content filled from nothing but what the policy asks.
#![allow(dead_code, reason = "each suite uses what it needs")]

use changegate::command::Command;
use changegate::draft::Content;
use changegate::evaluate::{Evaluation, Subject, evaluate};
use changegate::facts::{Facts, Planned, Reading, gather};
use changegate::finding::{Finding, Severity};
use changegate::id::{ChangeId, PersonId, RoleId, TemplateId};
use changegate::log::{Record, Stored};
use changegate::policy::{
    Capabilities, ChangeModel, Choice, Field, Kind, Meaning, Phase, Policy, Relation, Transition,
};
use changegate::refusal::Refusal;
use changegate::report::{Desk, Report, take};
use changegate::time::Instant;
use changegate::value::Value;
use changegate::wire::Later;
use changegate::world::World;
use serde_json::json;

/// Every folder of `tests/organisations`.
pub const SHIPPED: [&str; 6] = [
    "defra",
    "bakery",
    "facilities",
    "servicenow",
    "itop",
    "eleven",
];

pub const CHANGE: &str = "018f0000-0000-7000-8000-000000000001";
/// When changes are asked for; more than twenty working days before their window.
pub const ASKED: &str = "2026-11-23T10:00:00.000Z";
/// The planned window of every change told here.
pub const OPENS: &str = "2027-01-11T09:00:00.000Z";
pub const CLOSES: &str = "2027-01-11T12:00:00.000Z";

pub fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

/// One organisation.
pub struct Organisation {
    pub id: &'static str,
    pub policy: Policy,
    pub world: World,
}

impl Organisation {
    pub fn read(id: &'static str) -> Self {
        let file = |name: &str| {
            let root = env!("CARGO_MANIFEST_DIR");
            std::fs::read_to_string(format!("{root}/tests/organisations/{id}/{name}"))
        };
        let templates = file("templates.json").map_or_else(
            |_| json!([]),
            |text| serde_json::from_str::<serde_json::Value>(&text).unwrap(),
        );
        let services = file("services.csv").ok().map(|text| services(&text));
        let world = json!({
            "asOf": ASKED, "people": people(&file("people.csv").unwrap()), "services": services, "changes": [],
            "calendar": { "zone": "Etc/UTC", "workingDays": working_days() }, "templates": templates
        });
        Self {
            id,
            policy: Policy::from_json(&file("policy.json").unwrap()).unwrap(),
            world: serde_json::from_value(world).unwrap(),
        }
    }
}

/// A policy that forbids nothing that a policy may allow: every way of the phase matrix, by anybody, without guard or gate;
/// anybody may do what roles may. What is still refused, the core refuses.
pub fn loosened(id: &'static str) -> Organisation {
    let mut organisation = Organisation::read(id);
    let policy = &mut organisation.policy;
    let anybody = policy
        .roles
        .iter()
        .find(|role| role.relation == Some(Relation::Anybody));
    let all = vec![anybody.unwrap().id.clone()];
    policy.may = Later::of(Capabilities {
        edit: all.clone(),
        complete: all.clone(),
        review: all.clone(),
        erase: all.clone(),
        hand_on: all.clone(),
        adopt: all.clone(),
        announce: all.clone(),
        evaluate: all.clone(),
        relate: all.clone(),
        waive: all.clone(),
        extend: all.clone(),
        hold: all.clone(),
        record_incident: Some(all.clone()),
    });
    policy.duties = Later::default();
    policy.gates = Later::default();
    policy.checklist = Later::default();
    for model in &mut policy.models {
        model.submitters.clear();
        model.life_cycle.transitions = Later::of(every_way(model, &all));
    }
    organisation
}

fn every_way(model: &ChangeModel, by: &[RoleId]) -> Vec<Transition> {
    let states = &model.life_cycle.states;
    let pairs = states
        .iter()
        .flat_map(|from| states.iter().map(move |to| (from, to)));
    let allowed = pairs.filter(|(from, to)| from.id != to.id && from.phase.may_lead_to(to.phase));
    let added = allowed.map(|(from, to)| Transition {
        id: format!("{}-{}", from.id, to.id).as_str().into(),
        name: to.name.clone(),
        from: from.id.clone(),
        to: to.id.clone(),
        on: None,
        by: by.to_vec(),
        guard: None,
        needs: Vec::new(),
        reason: false,
        act: None,
    });
    let set_off = model
        .life_cycle
        .transitions
        .iter()
        .filter(|way| way.on.is_some());
    set_off.cloned().chain(added).collect()
}

/// The rows of a CSV file, each with its columns by name. Quotes may stand around a cell.
fn rows(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let cells = |line: &str| {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        for letter in line.chars() {
            match letter {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                _ => cells.last_mut().unwrap().push(letter),
            }
        }
        cells
    };
    let mut lines = text.lines().map(cells);
    let header = lines.next().unwrap();
    lines
        .map(|line| header.iter().cloned().zip(line).collect())
        .collect()
}

fn several(cell: &str) -> Vec<&str> {
    cell.split(';').filter(|part| !part.is_empty()).collect()
}

fn people(text: &str) -> serde_json::Value {
    let person = |row: &std::collections::BTreeMap<String, String>| {
        let manager = Some(&row["manager"]).filter(|manager| !manager.is_empty());
        json!({ "id": row["id"], "name": row["name"], "groups": several(&row["groups"]), "manager": manager })
    };
    rows(text).iter().map(person).collect()
}

fn services(text: &str) -> serde_json::Value {
    let service = |row: &std::collections::BTreeMap<String, String>| {
        let importance = ["low", "medium", "high", "critical"];
        let importance = importance
            .iter()
            .position(|word| *word == row["importance"]);
        json!({ "id": row["id"], "name": row["name"], "owner": row["owner"], "importance": importance.unwrap() + 1,
            "dependsOn": several(&row["dependsOn"]) })
    };
    rows(text).iter().map(service).collect()
}

/// Every day from a week before changes are asked for until long after their window.
pub fn working_days() -> Vec<serde_json::Value> {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let first = instant("2026-11-16T09:00:00.000Z").millis();
    let day = |count: i64| {
        let from = Instant::from_millis(first + count * DAY).unwrap();
        let to = Instant::from_millis(first + count * DAY + DAY / 3).unwrap();
        json!({ "from": from, "to": to })
    };
    (0..120).map(day).collect()
}

/// A change of one model that is about to be asked for: who asks, who carries it out, and a complete content.
pub struct Case<'a> {
    pub organisation: &'a Organisation,
    pub model: &'a ChangeModel,
    pub template: Option<TemplateId>,
    pub requester: PersonId,
    pub implementer: PersonId,
    pub content: Content,
}

impl<'a> Case<'a> {
    /// The first cast with which nothing is wrong, not even that nobody could approve; the lists name those at the top first,
    /// who are asked when others do not answer, so from the end.
    pub fn of(organisation: &'a Organisation, model: &'a ChangeModel) -> Self {
        Self::found(organisation, model).unwrap_or_else(|wrong| {
            panic!(
                "{}, {}: no cast will do: {wrong:#?}",
                organisation.id, model.id
            )
        })
    }

    /// The same, where there may be no such cast: what was wrong with the last one.
    pub fn found(
        organisation: &'a Organisation,
        model: &'a ChangeModel,
    ) -> Result<Self, Vec<Finding>> {
        let people = || {
            organisation
                .world
                .people
                .iter()
                .rev()
                .map(|person| &person.id)
        };
        let template = organisation.world.templates.iter();
        let template = template.into_iter().find(|known| known.model == model.id);
        let pairs = people().flat_map(|one| people().map(move |other| (one, other)));
        let mut wrong = Vec::new();
        for (requester, implementer) in pairs.filter(|(one, other)| one != other) {
            let mut case = Self {
                organisation,
                model,
                template: template.map(|template| template.id.clone()),
                requester: requester.clone(),
                implementer: implementer.clone(),
                content: Content::new(),
            };
            if !case.may_submit() {
                continue;
            }
            case.fill();
            wrong = case.findings();
            if wrong.is_empty() {
                return Ok(case);
            }
        }
        Err(wrong)
    }

    fn may_submit(&self) -> bool {
        let held = self.roles_of(&self.requester);
        self.model.submitters.is_empty()
            || self.model.submitters.iter().any(|role| held.contains(role))
    }

    /// The roles that a person holds by group, or because everybody does.
    pub fn roles_of(&self, person: &PersonId) -> Vec<RoleId> {
        let groups = &self.organisation.world.person(person).unwrap().groups;
        let holds = |role: &&changegate::policy::Role| {
            role.groups.iter().any(|group| groups.contains(group))
                || role.relation == Some(Relation::Anybody)
        };
        let roles = self.organisation.policy.roles.iter().filter(holds);
        roles.map(|role| role.id.clone()).collect()
    }

    fn start(&self) -> Phase {
        let states = &self.model.life_cycle.states;
        let start = |state: &&changegate::policy::State| state.id == self.model.life_cycle.start;
        states.iter().find(start).unwrap().phase
    }

    /// What a content of this change may read of the world at that moment.
    pub fn facts(&self, content: &Content, actor: &PersonId, now: Instant) -> Facts {
        let reading = Reading {
            policy: &self.organisation.policy,
            model: self.model,
            template: self.template.as_ref(),
            id: Some(CHANGE),
            content,
            planned: Some(Planned {
                start: instant(OPENS),
                since: instant(ASKED),
            }),
            requester: &self.requester,
            actor,
            handed_on: &[],
            voters: &[],
        };
        gather(&reading, now, &self.organisation.world)
    }

    /// What a content comes to at its submission.
    pub fn evaluated<T>(&self, content: &Content, of: impl Fn(&Evaluation<'_>) -> T) -> T {
        let facts = self.facts(content, &self.requester, instant(ASKED));
        let acts = [(changegate::policy::Act::Wrote, self.requester.clone())];
        let subject = Subject {
            rules: changegate::rules::Rules::CURRENT,
            policy: &self.organisation.policy,
            model: self.model,
            content,
            phase: self.start(),
            facts: &facts,
            acts: &acts,
            change: None,
        };
        of(&evaluate(&subject))
    }

    /// What is wrong, but for what only warns of something else than approval.
    fn findings(&self) -> Vec<Finding> {
        let mut findings = self.evaluated(&self.content, |evaluation| evaluation.findings.clone());
        findings.retain(|finding| {
            finding.severity != Severity::Warns
                || finding.code == changegate::finding::FindingCode::NobodyToApprove
        });
        findings
    }

    /// Fills every field that is asked, until no more come to be asked. Answers are the mildest there are.
    fn fill(&mut self) {
        let world = &self.organisation.world;
        if let Some(template) = self.template.as_ref().and_then(|id| world.template(id)) {
            self.content.extend(
                template
                    .fields
                    .iter()
                    .map(|(id, value)| (id.clone(), value.clone())),
            );
        }
        let open = self.template.as_ref().and_then(|id| world.template(id));
        let open = |field: &Field| open.is_none_or(|template| template.open.contains(&field.id));
        loop {
            let asked = |field: &&Field| {
                let unasked = self.evaluated(&self.content, |evaluation| {
                    evaluation.unasked.holds(&field.id)
                });
                !unasked && open(field) && self.content.get(&field.id).is_none()
            };
            let fields = &self.organisation.policy.fields;
            let next = fields
                .iter()
                .filter(asked)
                .find_map(|field| Some((field.id.clone(), self.answer(field)?)));
            let Some((field, value)) = next else { return };
            self.content.insert(field, value);
        }
    }

    /// A mild answer to a field, by what it holds; none to what may stay empty.
    pub fn answer(&self, field: &Field) -> Option<Value> {
        let text = |text: &str| Value::Text(text.to_owned());
        let list = |ids: Vec<String>| Value::List(ids.into_iter().map(Value::Text).collect());
        let first = |options: &[Choice]| options.first().map(|option| option.id.0.clone());
        match &field.kind {
            Kind::Text { .. } | Kind::LongText { .. } => {
                Some(text(&format!("Said about {} in full", field.id)))
            }
            Kind::Choice { options } => first(options).map(Value::Text),
            Kind::Several { options } => Some(list(first(options).into_iter().collect())),
            Kind::YesNo {} => Some(Value::Flag(false)),
            Kind::DateTime {} => Some(text(match field.means {
                Some(Meaning::WindowEnd) => CLOSES,
                Some(_) | None => OPENS,
            })),
            Kind::Number { min, .. } => Some(Value::Number(min.unwrap_or(1))),
            Kind::Duration { .. } => Some(Value::Number(10)),
            Kind::People { groups, .. } => self.named(field, groups),
            Kind::Services { .. } => {
                let services = self.organisation.world.services.iter().flatten();
                let mildest = services.min_by_key(|service| service.importance)?;
                Some(list(vec![mildest.id.0.clone()]))
            }
            Kind::List { .. } | Kind::Tasks { .. } => None,
        }
    }

    fn named(&self, field: &Field, groups: &[changegate::id::GroupId]) -> Option<Value> {
        let list = |id: &PersonId| Value::List(vec![Value::Text(id.0.clone())]);
        let belongs = |person: &&changegate::world::Person| {
            groups.is_empty() || groups.iter().any(|group| person.groups.contains(group))
        };
        match field.means {
            Some(Meaning::Authors) => None,
            Some(Meaning::Implementers) => Some(list(&self.implementer)),
            Some(_) | None => {
                let free = |person: &&changegate::world::Person| {
                    belongs(person) && ![&self.requester, &self.implementer].contains(&&person.id)
                };
                let people = self.organisation.world.people.iter();
                Some(list(&people.into_iter().find(free)?.id))
            }
        }
    }

    pub fn submission(&self) -> Command {
        Command::Submit {
            model: self.model.id.clone(),
            template: self.template.clone(),
            language: "en".to_owned(),
            fields: self.content.clone(),
        }
    }

    /// Takes a command the whole way, as a host does. Salts are all the same, so that the same words make the same state.
    pub fn take(
        &self,
        record: &Record,
        person: &PersonId,
        command: &Command,
        now: Instant,
    ) -> Result<Stored, Vec<Refusal>> {
        let Organisation { policy, world, .. } = self.organisation;
        let desk = Desk {
            policy,
            record,
            person,
            now,
            world,
            number: record.change.is_none().then_some("CHG-1"),
        };
        let report = Report {
            id: "018f0000-0000-7000-8000-000000000002".to_owned(),
            change_id: ChangeId::from(CHANGE),
            expected_seq: record.seq,
            command: command.clone(),
            occurred_at: now,
            claim: None,
        };
        take(&desk, &report, &mut || [7; 16]).map_err(changegate::non_empty::NonEmpty::into_vec)
    }

    /// The record right after its submission.
    pub fn submitted(&self) -> Record {
        let stored = self.take(
            &Record::empty(),
            &self.requester,
            &self.submission(),
            instant(ASKED),
        );
        Record::empty().with(&stored.unwrap())
    }
}
