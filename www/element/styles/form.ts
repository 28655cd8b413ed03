import { css } from "lit";

/** Where things stand: one column, or two where there is room. */
export const form = css`
  .root {
    outline: none;
    container-type: inline-size;
  }
  .title {
    margin: 0 0 var(--_space);
    font-size: 1.5em;
    font-weight: 700;
    line-height: 1.25;
    text-wrap: balance;
  }
  .columns {
    display: grid;
    gap: calc(var(--_space) * 1.5);
  }
  .main,
  .questions,
  .section {
    display: grid;
    gap: calc(var(--_space) * 1.5);
    min-inline-size: 0;
    align-content: start;
  }
  .main {
    gap: calc(var(--_space) * 2);
  }
  .questions {
    gap: calc(var(--_space) * 1.75);
  }
  .section + .section {
    padding-block-start: calc(var(--_space) * 1.75);
    border-block-start: 1px solid var(--_border);
  }
  .section-head {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    align-items: baseline;
    justify-content: space-between;
  }
  .section-title {
    margin: 0;
    font-size: 1.1875em;
    line-height: 1.3;
  }
  .faces {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
    margin-block-end: calc(var(--_space) * 1.5);
  }
  .switch {
    display: inline-flex;
    padding: 0.1875rem;
    border-radius: calc(var(--_radius) + 0.1875rem);
    background: var(--_raised);
    box-shadow: inset 0 0 0 1px var(--_border);
  }
  .face {
    min-block-size: 2.375rem;
    padding-block: 0.25rem;
    background: none;
    color: var(--_muted);
    font-weight: 500;
  }
  .face[aria-pressed="true"] {
    background: var(--_surface);
    color: var(--_text);
    box-shadow: 0 0 0 1px var(--_border), 0 1px 2px rgb(0 0 0 / 0.12);
  }

  .route {
    display: grid;
    gap: 0.25rem;
    padding: 1rem 1rem 0.5rem;
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  .route p {
    margin: 0;
  }
  .route-model {
    font-size: 1.0625em;
    font-weight: 600;
  }
  .route > .label {
    color: var(--_muted);
    font-size: 0.875em;
    font-weight: 500;
  }
  .route .options {
    display: grid;
  }
  .templates {
    margin: 0 0 0.5rem;
    margin-inline-start: 1.875rem;
    padding: 0.25rem 0;
    padding-inline-start: 0.875rem;
    border: 0;
    border-inline-start: 2px solid var(--_border);
  }
  .tag {
    padding: 0 0.5rem;
    border: 1px solid var(--_border);
    border-radius: 2rem;
    color: var(--_muted);
    font-size: 0.8125em;
  }

  summary {
    min-block-size: 2.75rem;
    padding-block: 0.5rem;
    cursor: pointer;
  }
  .others > summary {
    color: var(--_accent);
  }
  .side {
    align-self: start;
    padding: 1rem 1.125rem 0.5rem;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .status {
    display: grid;
    gap: 0.25rem;
    margin: 0;
    padding-block-end: 0.75rem;
  }
  .status-level {
    font-weight: 600;
  }
  .status-part::first-letter {
    text-transform: uppercase;
  }
  .status-part {
    display: block;
  }
  .panel {
    border-block-start: 1px solid var(--_border);
  }
  .panel > summary {
    display: grid;
    grid-template-columns: auto 1fr auto;
    gap: 0.75rem;
    align-items: center;
    list-style: none;
  }
  .panel > summary::-webkit-details-marker {
    display: none;
  }
  .panel > summary::after {
    inline-size: 0.5rem;
    block-size: 0.5rem;
    margin-inline-end: 0.25rem;
    border: solid currentColor;
    border-width: 0 2px 2px 0;
    content: "";
    transform: translateY(-0.125rem) rotate(45deg);
    transition: transform 0.15s;
  }
  .panel[open] > summary::after {
    transform: translateY(0.125rem) rotate(225deg);
  }
  .panel-title {
    font-weight: 500;
  }
  .panel-short {
    overflow: hidden;
    color: var(--_muted);
    font-size: 0.875em;
    text-align: end;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .panel[open] .panel-short {
    visibility: hidden;
  }
  .panel-body {
    display: grid;
    gap: 0.625rem;
    padding-block-end: 1rem;
    font-size: 0.9375em;
  }
  .panel-body :is(p, h4) {
    margin: 0;
  }
  .panel-body :is(ul, ol) {
    display: grid;
    gap: 0.625rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .engine,
  .answer {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 0.125rem 0.75rem;
    align-items: start;
  }
  .engine-level {
    text-align: end;
  }
  .engine-level .note {
    display: block;
  }
  .answer-points {
    display: grid;
    padding-block-start: 0.4375rem;
    justify-items: end;
    color: var(--_muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .bar {
    inline-size: 4.5rem;
    block-size: 0.625rem;
    border: 0;
    border-radius: 1rem;
    background: none;
    appearance: none;
  }
  .bar::-webkit-meter-bar {
    block-size: 0.625rem;
    border: 0;
    border-radius: 1rem;
    background: var(--_border);
  }
  .bar::-webkit-meter-inner-element {
    display: block;
    block-size: 0.625rem;
  }
  .bar::-moz-meter-bar,
  .bar::-webkit-meter-optimum-value {
    background: var(--_accent);
  }
  .bar::-webkit-meter-optimum-value {
    border-radius: 1rem;
    background: var(--_accent);
  }
  .bar::-moz-meter-bar {
    border-radius: 1rem;
    background: var(--_accent);
  }
  .earliest {
    display: grid;
    gap: 0.375rem;
  }
  .stage-title {
    color: var(--_muted);
    font-size: 0.875em;
  }
  .stage + .stage {
    padding-block-start: 0.75rem;
    border-block-start: 1px dashed var(--_border);
  }
  .approval,
  .conflict {
    display: grid;
    gap: 0.125rem;
  }

  .actions {
    display: grid;
    gap: 0.625rem;
  }
  .actions p {
    margin: 0;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }

  .waiting {
    display: grid;
    gap: 0.75rem;
    justify-items: start;
  }
  .fault-detail {
    color: var(--_muted);
    font-size: 0.875em;
    overflow-wrap: anywhere;
  }
  .skeleton {
    display: grid;
    gap: 1.25rem;
    max-inline-size: 40rem;
  }
  .bone {
    block-size: 2.75rem;
    border-radius: var(--_radius);
    background: var(--_raised);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }
  .bone.thin {
    inline-size: 40%;
    block-size: 1rem;
  }
  @keyframes breathe {
    to {
      opacity: 0.5;
    }
  }

  @container (inline-size > 54rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr) 21rem;
      grid-template-rows: auto 1fr;
      gap: 2rem 3rem;
    }
    .side {
      grid-area: 1 / 2 / span 2;
      position: sticky;
      inset-block-start: var(--changegate-sticky-top, 1rem);
      max-block-size: calc(100vh - var(--changegate-sticky-top, 1rem) - 1rem);
      overflow: auto;
    }
  }
  @media (forced-colors: active) {
    .face[aria-pressed="true"] {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
    .route,
    .switch {
      outline: 1px solid CanvasText;
    }
  }
  @media print {
    .faces,
    .actions,
    .others {
      display: none;
    }
    .side {
      position: static;
      max-block-size: none;
    }
  }
`;
