import { css } from "lit";

/** The map: a list from top to bottom where there is little room, else a track that wraps. */
export const mapStyles = css`
  .where {
    display: grid;
    gap: 0.75rem;
  }
  .steps {
    display: grid;
  }
  .step {
    display: grid;
    grid-template-columns: 1.25rem 1fr;
    gap: 0.625rem;
    position: relative;
    min-block-size: 2rem;
    padding-block-end: 0.5rem;
    color: var(--_muted);
    font-size: 0.875em;
  }
  .step:not(:last-child)::before {
    position: absolute;
    inset-block: 1.25rem -0.125rem;
    inset-inline-start: calc(0.625rem - 1px);
    inline-size: 2px;
    background: var(--_border);
    content: "";
  }
  .step.passed:not(:last-child)::before {
    background: var(--_accent);
  }
  .dot {
    position: relative;
    justify-self: center;
    inline-size: 0.875rem;
    block-size: 0.875rem;
    margin-block-start: 0.1875rem;
    border: 2px solid var(--_edge);
    border-radius: 50%;
    background: var(--_surface);
  }
  .step:is(.passed, .here) .dot {
    border-color: var(--_accent);
    background: var(--_accent);
  }
  .step.here .dot {
    box-shadow: inset 0 0 0 2px var(--_surface), 0 0 0 3px color-mix(in srgb, var(--_accent) 25%, transparent);
  }
  .step-text {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75rem;
    min-inline-size: 0;
  }
  .step-name {
    hyphens: auto;
    overflow-wrap: anywhere;
  }
  .step:is(.passed, .here) .step-name {
    color: var(--_text);
  }
  .step.here .step-name {
    font-weight: 600;
  }
  .step-when,
  .step-who {
    font-size: 0.9375em;
    overflow-wrap: anywhere;
  }
  .step-who.own {
    color: var(--_accent);
    font-weight: 600;
  }
  .step-who.nobody {
    font-style: italic;
  }
  .missing {
    display: grid;
    gap: 0.25rem;
    padding: 0.625rem 0.875rem;
    border-inline-start: 3px solid var(--_warns);
    background: var(--_raised);
    font-size: 0.9375em;
  }
  .missing ul {
    padding-inline-start: 1.125rem;
    list-style: disc;
  }
  .map-more {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1.5rem;
    font-size: 0.9375em;
  }
  .map-more > details[open] {
    flex-basis: 100%;
  }
  .map-more summary {
    color: var(--_accent);
  }

  @container (inline-size > 40rem) {
    .steps {
      grid-template-columns: repeat(auto-fit, minmax(8.75rem, 1fr));
      row-gap: 0.5rem;
    }
    .step {
      grid-template-columns: 1fr;
      grid-template-rows: 1.25rem auto;
      gap: 0.25rem;
      align-content: start;
      padding-inline-end: 0.75rem;
    }
    .step:not(:last-child)::before {
      inset-block: calc(0.625rem - 1px) auto;
      inset-inline: 0.875rem 0;
      inline-size: auto;
      block-size: 2px;
    }
    .dot {
      justify-self: start;
    }
    .step-text {
      display: grid;
    }
  }
  @media print {
    .map-more {
      display: none;
    }
  }
`;

/** Parts: titles, items, what stands beside them, and the buttons of what can be done with them. */
export const partStyles = css`
  .process {
    display: grid;
    gap: 0.75rem;
    align-content: start;
    min-inline-size: 0;
  }
  .record :is(.section-title, .gesture-title):focus {
    outline: none;
  }
  .record :is(.section-title, .gesture-title):focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }
  .hats {
    display: grid;
    gap: 1rem;
  }
  .hat,
  .refused,
  .refused ul {
    display: grid;
    gap: 0.375rem;
  }
  .refused {
    gap: 0.75rem;
    padding-block: 0.25rem 0.5rem;
    font-size: 0.9375em;
  }
  .refused ul ul {
    padding-inline-start: 1.25rem;
    color: var(--_muted);
    list-style: disc;
  }
  .more-gestures,
  .why-not,
  .of-others,
  .left-out,
  .ways {
    min-inline-size: 0;
  }
  .record :is(.why-not, .more-gestures, .of-others) > summary {
    color: var(--_accent);
  }
  .items {
    display: grid;
    gap: 0.75rem;
  }
  .items > li {
    display: grid;
    gap: 0.25rem;
    min-inline-size: 0;
  }
  :is(.plans, .process) > .items > li:not(:last-child),
  .plan > .items > li:not(:last-child) {
    padding-block-end: 0.75rem;
    border-block-end: 1px solid var(--_border);
  }
  .plans {
    display: grid;
    gap: 1.25rem;
  }
  .plan {
    display: grid;
    gap: 0.5rem;
  }
  .progress {
    display: flex;
    gap: 0.75rem;
    align-items: center;
  }
  .progress .bar {
    inline-size: min(12rem, 50%);
  }
  .buttons.small {
    gap: 0.5rem;
    margin-block-start: 0.25rem;
  }
  .buttons.small button {
    min-block-size: 2.25rem;
    padding: 0.25rem 0.875rem;
    font-size: 0.9375em;
  }
  @media (pointer: coarse) {
    .buttons.small button {
      min-block-size: 2.75rem;
    }
  }
  .tags {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
  }
  .tag.open,
  [data-banner] .tag {
    border-color: currentColor;
    color: var(--_warns);
  }
  .good-tag,
  :is([data-step="done"], [data-answer="yes"]) > .log-head .step-tag,
  .tag[data-result="passed"] {
    border-color: transparent;
    background: var(--_low);
    color: var(--_on-low);
  }
  .stops-tag,
  :is([data-step="failed"], [data-step="refused"], [data-answer="no"]) > .log-head .step-tag,
  .tag[data-result="failed"] {
    border-color: transparent;
    background: var(--_high);
    color: var(--_on-high);
  }
  :is([data-step="started"], [data-step="accepted"]) > .log-head .step-tag {
    border-color: currentColor;
    color: var(--_accent);
  }
  .questions {
    margin-block-start: 0.5rem;
  }
  .question {
    padding: 0.625rem 0.875rem;
    border-inline-start: 3px solid var(--_border);
    background: var(--_raised);
  }
  .question[data-open="true"] {
    border-inline-start-color: var(--_warns);
  }
  .question .gesture,
  .items .gesture {
    margin-block-start: 0.5rem;
  }
  .answer-given {
    display: grid;
    gap: 0.125rem;
    margin-block-start: 0.25rem;
    padding-inline-start: 0.875rem;
    border-inline-start: 2px solid var(--_border);
  }
  .evidence.void :is(strong, .name) {
    color: var(--_muted);
    text-decoration: line-through;
  }
  .file {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 0.75rem;
    align-items: center;
  }
  .compared {
    display: grid;
    gap: 0.75rem 1.5rem;
  }
  .compared del {
    color: var(--_muted);
  }
  .compared ins {
    text-decoration: none;
  }
  .compared > :last-child {
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--_accent);
  }
  .mention {
    color: var(--_accent);
  }
  .comment.mine {
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--_accent);
  }
  changegate-mention {
    display: block;
  }
  @container (inline-size > 30rem) {
    .compared {
      grid-template-columns: 1fr 1fr;
    }
  }
  @media print {
    .record .buttons,
    .record .next,
    .record .notice.plain,
    .record-next > .section-title,
    .record :is(.why-not, .more-gestures) {
      display: none;
    }
    .record-next {
      padding: 0;
      background: none;
    }
    .items > li,
    .entry {
      break-inside: avoid;
    }
  }
`;

/** The card of a decision. The answers keep in view beside a long content. */
export const decisionStyles = css`
  .decision-head {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: baseline;
    justify-content: space-between;
  }
  .card-columns {
    display: grid;
    gap: calc(var(--_space) * 1.5);
    min-inline-size: 0;
  }
  .card-side,
  .card-main {
    display: grid;
    gap: calc(var(--_space) * 1.25);
    align-content: start;
    min-inline-size: 0;
  }
  .card-main {
    gap: calc(var(--_space) * 1.75);
  }
  .card-block {
    display: grid;
    gap: 0.375rem;
  }
  .card-block .panel-body {
    padding-block-end: 0;
  }
  .card-answer {
    display: grid;
    gap: var(--_space);
    align-self: start;
    padding: 1rem;
    border: 2px solid var(--_accent);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .answers {
    display: grid;
    gap: 0.25rem;
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .answers > legend {
    margin-block-end: 0.5rem;
    padding: 0;
  }
  .answer-option .more {
    display: block;
  }
  @container (inline-size > 54rem) {
    .card-columns {
      grid-template-areas: "main side" "main answer";
      grid-template-columns: minmax(0, 1fr) 20rem;
      grid-template-rows: auto 1fr;
    }
    .card-side {
      grid-area: side;
    }
    .card-main {
      grid-area: main;
    }
    .card-answer {
      grid-area: answer;
      position: sticky;
      inset-block-start: var(--changegate-sticky-top, 1rem);
    }
  }
  @media print {
    .card-answer,
    .deciding .where {
      display: none;
    }
    .gesture.decision {
      padding: 0;
      border: 0;
    }
  }
`;
