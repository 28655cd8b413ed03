//! Everything that was said in a change, to be opened or found again.

use crate::value::Words;

use super::{Change, Done, Said};

fn note(done: Option<&mut Done>) -> Option<&mut Words> {
    done.and_then(|done| done.note.as_mut())
}

fn text(said: Option<&mut Said>) -> Option<&mut Words> {
    said.map(|said| &mut said.text)
}

impl Change {
    /// Everything that was said, its fields aside.
    pub(crate) fn words_mut(&mut self) -> Vec<&mut Words> {
        let mut words: Vec<&mut Words> = Vec::new();
        let said = self.comments.iter_mut().chain(&mut self.announcements);
        words.extend(said.map(|said| &mut said.text));
        words.extend(text(self.review.as_mut()));
        words.extend(text(self.hold.as_mut()));
        words.extend(text(self.observation_ended.as_mut()));
        words.extend(self.incidents.iter_mut());
        for later in &mut self.later_incidents {
            words.push(&mut later.incident);
            words.extend(later.recorded.note.as_mut());
            words.extend(text(later.review.as_mut()));
        }
        words.extend(self.votes.iter_mut().filter_map(|vote| vote.words.as_mut()));
        let noted = self
            .evaluated
            .as_mut()
            .and_then(|known| known.note.as_mut());
        words.extend(noted);
        let noted = self
            .completed
            .as_mut()
            .and_then(|known| known.note.as_mut());
        words.extend(noted);
        for question in &mut self.questions {
            words.push(&mut question.asked.text);
            words.extend(text(question.answer.as_mut()));
        }
        for condition in &mut self.conditions {
            words.push(&mut condition.set.text);
            words.extend(note(condition.met.as_mut()));
        }
        for waiver in &mut self.waivers {
            words.push(&mut waiver.given.text);
            words.extend(text(waiver.review.as_mut()));
        }
        if let Some(extension) = &mut self.extension {
            words.push(&mut extension.asked.text);
            words.extend(note(extension.decided.as_mut()));
        }
        for evidence in &mut self.evidence {
            words.push(&mut evidence.name);
            words.extend(evidence.link.as_mut());
            words.extend(evidence.note.as_mut());
            words.extend(text(evidence.retracted.as_mut()));
        }
        words.extend(
            self.tasks
                .values_mut()
                .filter_map(|task| task.said.note.as_mut()),
        );
        words.extend(
            self.checks
                .values_mut()
                .filter_map(|check| check.said.note.as_mut()),
        );
        let seen = self.observations.iter_mut();
        words.extend(seen.filter_map(|seen| seen.said.note.as_mut()));
        words
    }
}
