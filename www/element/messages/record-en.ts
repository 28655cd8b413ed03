import type { Hat } from "../record/hats.js";
import type { CommandKind, ErasureGround, Flag, Outcome, Ratification, TaskStep, Trigger, Verdict } from "../wire.js";
import type { Message } from "./en.js";
import { processEn } from "./process-en.js";

const gestures = {
  "gesture.submit": "Submit",
  "gesture.edit": "Edit",
  "gesture.comment": "Comment",
  "gesture.approve": "Say yes: {rule}",
  "gesture.decline": "Say no: {rule}",
  "gesture.move": "Move on",
  "gesture.complete": "Report how the work went",
  "gesture.review": "Record the look back",
  "gesture.erase": "Erase personal texts",
} satisfies Partial<Record<`gesture.${CommandKind}`, Message>>;

const outcomes = {
  "outcome.successful": "It went as planned",
  "outcome.successfulWithIssues": "It works, but something went wrong on the way",
  "outcome.unsuccessful": "It does not do what it should",
  "outcome.backedOut": "It was undone",
} satisfies Record<`outcome.${Outcome}`, Message>;

const flags = {
  "flag.unauthorized": "Done before anybody said yes",
  "flag.early": "Began before its time",
  "flag.overrun": "Took longer than planned",
  "flag.reportedLate": "Reported more than a day later",
  "flag.dutyConflict": "Done by somebody who should not have",
  "flag.ratified": "Approved afterwards",
  "flag.extended": "Took longer, with leave",
  "flag.latent": "Recorded after it was done",
  "flag.causedIncident": "Caused an incident",
  "flag.timesDiffer": "Reported times differ from the recorded ones",
  "flag.inFreeze": "Done during a freeze",
  "flag.awaitingRatification": "Done before its approval",
  "ratification.waiting": "Waiting for ratification",
  "ratification.ratified": "Approved afterwards",
  "ratification.refused": "Not ratified",
} satisfies Record<`flag.${Flag}` | `ratification.${Ratification}`, Message>;

const grounds = {
  "ground.personAsked": "The person asked for it",
  "ground.retentionEnded": "It may not be kept any longer",
  "ground.writtenByMistake": "It should never have been written here",
} satisfies Record<`ground.${ErasureGround}`, Message>;

const triggers = {
  "record.trigger.authorized": "by itself, when everybody needed has said yes",
  "record.trigger.declined": "by itself, when somebody says no",
  "record.trigger.voided": "by itself, when it must be decided again",
  "record.trigger.completed": "by itself, when the work is reported",
  "record.trigger.evaluated": "by itself, when it was judged",
} satisfies Record<`record.trigger.${Trigger}`, Message>;

const faults = {
  "verify.fault.hash": "what it says was altered",
  "verify.fault.link": "it does not follow the entry before",
  "verify.fault.otherChange": "it belongs to another change",
  "verify.fault.decision": "the rules would have decided otherwise",
  "verify.fault.policy": "its policy is not the one it names",
  "verify.fault.value": "a text is not the one that was sealed",
  "verify.fault.missing": "a text is gone although nothing says that it was erased",
  "verify.fault.notErased": "a text that was erased is still there",
} satisfies Record<`verify.fault.${Verdict["faults"][number]["kind"]}`, Message>;

const asked = {
  "ask.reason": "Why?",
  "ask.remark": "A remark, if you like",
  "ask.comment": "What do you want to say?",
  "ask.review": "What was found, and what will be done about it?",
  "ask.outcome": "How did it go?",
  "ask.started": "When did the work begin?",
  "ask.ended": "When did it end?",
  "ask.downtime": "How long could people not work?",
  "ask.downtime.help": "Leave it empty if nobody noticed.",
  "ask.note": "What was done, what was seen?",
  "ask.erase": "Whose texts?",
  "ask.erase.help":
    "The texts go for good. The record stays, still proves that nothing else was altered, and says that they were erased.",
  "ask.erase.person": { one: "{person}, {count} text", other: "{person}, {count} texts" },
  "ask.ground": "On what ground?",
} satisfies Record<string, Message>;

const record = {
  "record.erased": "(erased)",
  "record.requester": "Asked by",
  "record.submitted": "Submitted",
  "record.started": "Work began",
  "record.window": "Planned",
  "record.window.none": "no time given yet",
  "record.waits": "Waits for {who}",
  "record.waits.nobody": "nobody is there",
  "record.life-cycle": "Where it stands",
  "record.step.passed": "passed",
  "record.step.here": "here now",
  "record.step.ahead": "still to come",
  "record.ways": "What can come next",
  "record.way": "to “{state}”, {who}",
  "record.next": "What you can do",
  "record.next.none": "Nothing is asked of you at present.",
  "record.next.over": "This change is finished. Nothing in it changes any more.",
  "record.next.incident": "This change is finished. An incident that showed later waits for its review.",
  "record.more": "Other things you can do",
  "record.why-not": "What is not possible now, and why",
  "record.why-not.none": "Nothing else is yours to do.",
  "why.decide": "Decide: {rule}",
  "why.task": "Task “{task}”",
  "why.approver": "Others decide on this",
  "why.assignee": "It is somebody else's",
  "record.of-others": "What others do",
  "record.print": "Print",
  "record.comment.for": "For {people}",
  "record.comment.mine": "for you",
  "record.comments.none": "Nobody has said anything yet.",
  "record.vote.until": "until {until}",
  "record.withdrawn": "asked no more: {because}",
  "record.stands.yes": "has its yes",
  "record.stands.no": "said no",
  "record.stands.open": "open",
  "record.stands.later": "asked later",
  "record.stands.missing": "was not given",
  "record.edit.questions": {
    one: "One question is still to be answered",
    other: "{count} questions are still to be answered",
  },
  "ask.question": "What do you want to know?",
  "ask.questions.help": "Each question is answered beside what it is about.",
  "ask.comment.help": "Type @ to name somebody.",
  "mention.people": "People",
  "duty.name": "Whoever {one} is not the one who {other}",
  "services.title": "What it touches",
  "services.owner": "{person} answers for it",
  "services.dependents": { one: "Would notice as well: {services}", other: "Would notice as well: {services}" },
  "services.dependents.none": "Nothing else depends on it.",
  "record.move.leads": "After this the change is in “{state}”.",
  "record.approve.binds":
    "You say yes to exactly what you see here. If somebody edits it or its risk changes, it is decided again.",
  "record.close": "Not now",
  "record.sending": "Sending …",
  "record.done": "Done: {name}",
  "record.kept": "Kept on this device, to be sent by itself: {name}",
  "record.refused": "This was not taken",
  "record.moved-on": "This change was updated by {people}. Review the update, then try again. What you wrote stays.",
  "record.moved-on.own": "You changed it elsewhere meanwhile. What you wrote here stays; you see it as it was before.",
  "record.catch-up": "Show how it stands now",
  "record.edit.help": "If you change what others have decided on, they are asked again.",
  "record.edit.restored":
    "What you typed before is here again. If you change what others have decided on, they are asked again.",
  "record.edit.save": "Save the edit",
  "record.edit.discard": "Throw the edit away",
  "record.side": "Decisions, risk and record",
  "record.votes": "What others said",
  "record.vote.yes": "{person} said yes, {when}",
  "record.vote.no": "{person} said no, {when}",
  "record.vote.deferred": "{person} put it off, {when}",
  "record.vote.moreInformation": "{person} asked for more, {when}",
  "record.vote.void": "counts no more",
  "record.vote.none": "Nobody has said anything yet.",
  "record.vote.former": "Not needed any more",
  "record.authorized": "Authorized {when}",
  "record.approvals.none": "Nobody has to say yes to this.",
  "record.work": "How the work went",
  "record.work.recorded": "Recorded here: started {started}, reported {reported}. Of both times, the worse counts.",
  "record.work.reported": "Recorded here: reported {reported}, without a start. Of both times, the worse counts.",
  "record.work.by": "Reported by {person}, {when}",
  "record.review": "Looking back",
  "record.comments": "Comments",
  "record.log": "Record",
} satisfies Record<string, Message>;

const log = {
  "log.host": "By itself",
  "log.submitted": "Submitted as {number}, {model}",
  "log.edited": "Edited: {fields}",
  "log.assessed": "Risk worked out: {level}",
  "log.entered": "Entered “{state}”",
  "log.moved": "Moved from “{from}” to “{to}”",
  "log.moved.itself": "Went by itself from “{from}” to “{to}”",
  "log.approved": "Said yes: {rule}, at risk {level}",
  "log.declined": "Said no: {rule}",
  "log.authorized": "Authorized: everybody needed has said yes",
  "log.voided": "Counts no more and is asked again: {rules}",
  "log.commented": "Commented",
  "log.completed": "Work reported: {outcome}, {period}",
  "log.downtime": "interruption {span}",
  "log.reviewed": "Looked back",
  "log.erased": { one: "Erased one text: {ground}", other: "Erased {count} texts: {ground}" },
} satisfies Record<string, Message>;

const verification = {
  verify: "Check this record",
  "verify.ok": {
    one: "Nothing was altered: one entry holds, and its decision comes out the same",
    other: "Nothing was altered: {count} entries hold together, and each decision comes out the same",
  },
  "verify.broken": { one: "This record does not hold", other: "This record does not hold" },
  "verify.chain-only": {
    one: "One entry was decided by other rules: only its place in the chain was checked",
    other: "{count} entries were decided by other rules: only their place in the chain was checked",
  },
  "verify.erased": {
    one: "One text was erased, as the record says",
    other: "{count} texts were erased, as the record says",
  },
  "verify.missing": {
    one: "One text is gone although nothing says so",
    other: "{count} texts are gone although nothing says so",
  },
  "verify.fault": "Entry {seq}: {what}",
  "verify.head": "Hash of the last entry:",
} satisfies Record<string, Message>;

const outbox = {
  "outbox.waiting": {
    one: "One thing you did is kept on this device and goes out by itself",
    other: "{count} things you did are kept on this device and go out by themselves, in order",
  },
  "outbox.held": {
    one: "One thing you did after it waits until you have decided",
    other: "{count} things you did after it wait until you have decided",
  },
  "outbox.trouble.unreachable": "The service does not answer at present. You can close this page.",
  "outbox.trouble.not-signed-in": "You are not signed in any more. Sign in again to send it.",
  "outbox.retry": "Send now",
  "outbox.refused": "This was not taken. What you did after it waits.",
  "outbox.conflict": "Somebody moved first. Look at both, then decide.",
  "outbox.orphaned": "What you did before this was not taken. Do you still want it?",
  "outbox.yours": "What you wanted, {when}",
  "outbox.meanwhile": "What happened meanwhile",
  "outbox.again": "I still want it: send it again",
  "outbox.drop": "Drop it",
} satisfies Record<string, Message>;

/** What somebody is to the change, before what they may do. */
const hats = {
  "hat.requester": "You asked for it",
  "hat.evaluator": "You judge it",
  "hat.approver": "You decide on it",
  "hat.implementer": "You do the work",
  "hat.reviewer": "You look back at it",
  "hat.coordinator": "You look after it",
  "hat.anybody": "Anybody may",
  "hat.requester.other": "Whoever asked for it",
  "hat.evaluator.other": "Whoever judges it",
  "hat.approver.other": "Whoever decides on it",
  "hat.implementer.other": "Whoever does the work",
  "hat.reviewer.other": "Whoever looks back at it",
  "hat.coordinator.other": "Whoever looks after it",
  "hat.anybody.other": "Anybody",
} satisfies Record<`hat.${Hat}` | `hat.${Hat}.other`, Message>;

/** What is done beside what it is about. */
const doing = {
  "do.accepted": "Take it on",
  "do.refused": "Do not take it on",
  "do.started": "Begin",
  "do.done": "Done",
  "do.failed": "It did not work",
  "do.skipped": "Leave it out",
  "do.answer": "Answer",
  "do.check": "Go or no go",
  "do.observe": "Record what was seen",
  "do.fulfill": "It is met",
  "do.retract": "Take it back",
  "do.reviewWaiver": "Look back at it",
  "do.reviewIncident": "Review it",
  "do.unrelate": "Take the link away",
  "next.answer": { one: "Answer a question", other: "Answer {count} questions" },
  "next.fulfill": { one: "Meet a condition", other: "Meet {count} conditions" },
  "next.task": { one: "A task", other: "{count} tasks" },
  "next.check": { one: "An item of the checklist", other: "{count} items of the checklist" },
  "next.attach": { one: "Bring evidence", other: "Bring evidence" },
  "next.observe": { one: "Something to watch", other: "{count} things to watch" },
  "next.reviewWaiver": { one: "Look back at a waiver", other: "Look back at {count} waivers" },
  "next.reviewIncident": { one: "Review an incident", other: "Review {count} incidents" },
} satisfies Record<`do.${TaskStep}`, Message> & Record<string, Message>;

/** The five answers of somebody who decides. */
const answers = {
  "gesture.decide": "Read and decide: {rule}",
  "gesture.in-place-of": "{gesture}, in place of {person}",
  "gesture.approve.conditions": "Say yes with conditions: {rule}",
  "answer.title": "Your answer",
  "answer.go": "Go to your answer",
  "answer.yes": "Yes",
  "answer.yes.help": "It may go on as it stands.",
  "answer.conditions": "Yes, with conditions",
  "answer.conditions.help": "The work starts only when they are met.",
  "answer.ask": "I need to know more",
  "answer.ask.help": "The requester is asked, and you decide afterwards.",
  "answer.defer": "I decide later",
  "answer.defer.help": "Until then it waits.",
  "answer.no": "No",
  "answer.no.help": "It does not go on. The requester reads why.",
} satisfies Record<string, Message>;

const adoption = {
  "adopt.version": "Version {version}",
  "adopt.same": "Nothing about it would be different.",
  "adopt.level": "Its risk would be {after}, it is {before}.",
  "adopt.more": "These would have to say yes as well: {rules}",
  "adopt.fewer": "These would not be asked any more: {rules}",
  "adopt.left-out": "Not asked any more: {fields}",
} satisfies Record<string, Message>;

/** English of the record. */
export const recordEn = {
  ...gestures,
  ...outcomes,
  ...flags,
  ...grounds,
  ...triggers,
  ...faults,
  ...asked,
  ...record,
  ...log,
  ...verification,
  ...outbox,
  ...hats,
  ...doing,
  ...answers,
  ...adoption,
  ...processEn,
};
