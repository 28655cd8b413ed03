// The parts of a record that is read, in the order in which its phase needs them.

import { html, type TemplateResult } from "lit";
import { dueView } from "./banners.js";
import { announcementsView, relationsView, waiversView } from "./beside.js";
import { changedView } from "./changed.js";
import { commentsView } from "./comments.js";
import { contentView } from "./content.js";
import { evidenceView } from "./evidence.js";
import { incidentsView } from "./incidents.js";
import { observationView } from "./observation.js";
import type { Hands } from "./part.js";
import { conditionsView, questionsView } from "./questions.js";
import type { ChangeRecord } from "./record.js";
import { afterwardsView, judgedView, reviewReasonsView } from "./recorded.js";
import { checklistView, tasksView } from "./tasks.js";
import { workView } from "./work.js";

/** What is prepared and done: it comes before the content once the work is near. */
function doingView(record: ChangeRecord, hands: Hands) {
  return html`${tasksView(record, hands)}${checklistView(record, hands)}${evidenceView(record, hands)}`;
}

/** Everything about the change but its decisions, risk and log. */
export function mainView(record: ChangeRecord, hands: Hands, now: string): TemplateResult {
  const { phase } = record.reading.change;
  const isNear = phase !== "draft" && phase !== "assess" && phase !== "authorize";
  const doing = doingView(record, hands);
  const content = contentView(record, hands);
  return html`${dueView(record)}${workView(record)}${observationView(record, hands, now)}${reviewReasonsView(record)}${afterwardsView(record)}${incidentsView(record, hands)}
    ${questionsView(record, hands)}${conditionsView(record, hands)}${changedView(record)}${isNear ? html`${doing}${content}` : html`${content}${doing}`}
    ${judgedView(record)}${relationsView(record, hands)}${waiversView(record, hands)}${announcementsView(record)}${commentsView(record, hands)}`;
}
