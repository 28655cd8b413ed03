import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, outcomeOf, problemOf, type Reply } from "../../www/element/http.ts";

const reply = (status: number, body: unknown, retryAfter: string | null = null): Reply => ({ status, body, retryAfter });
const problem = (type: string, status: number, more: object = {}) => ({
  type: `https://changegate.example/problems/${type}`,
  title: "a title",
  detail: "what to do",
  status,
  ...more,
});

const named = (name: string, more: object = {}) => ({ name, ...more });

test("an accepted report brings what was stored", () => {
  assert.deepEqual(outcomeOf(reply(200, { stored: [] })), { type: "accepted", stored: [] });
});

test("a refusal brings every reason", () => {
  const refusals = [{ code: "reason.missing" }];
  assert.deepEqual(outcomeOf(reply(422, problem("refused", 422, { refusals }))), { type: "refused", refusals });
});

test("a refusal without reasons brings the host's words", () => {
  for (const status of [400, 403, 413, 422]) {
    const told = { code: "report.reused", title: "a title", detail: "what to do", status };
    assert.deepEqual(outcomeOf(reply(status, problem("report.reused", status))), { type: "refused", refusals: [], problem: told });
  }
});

test("a conflict brings the log as it stands", () => {
  assert.deepEqual(outcomeOf(reply(409, problem("conflict", 409, { log: [] }))), { type: "conflict", log: [] });
});

test("what may pass is sent again later, no sooner than the host asks", () => {
  for (const status of [429, 500, 502, 503]) {
    assert.throws(() => outcomeOf(reply(status, problem("busy", status), "7")), named("Unreachable", { retryAfterMs: 7_000 }));
  }
});

test("a page of a proxy or a sign-in form is no outcome, whatever its status", () => {
  for (const status of [200, 400, 403, 409, 413, 422, 503]) {
    assert.throws(() => outcomeOf(reply(status, undefined)), named("Unreachable"), String(status));
  }
});

test("the end of a session is no outcome", () => {
  assert.throws(() => outcomeOf(reply(401, problem("session", 401))), named("NotSignedIn", { message: "what to do" }));
  assert.throws(() => outcomeOf(reply(401, undefined)), named("NotSignedIn"));
});

test("a log that does not verify is a fault, not an outage", () => {
  assert.throws(() => bodyOf(reply(500, problem("log.broken", 500))), named("Fault", { code: "log-broken" }));
  assert.throws(() => bodyOf(reply(404, problem("change.unknown", 404))), named("Fault", { code: "not-found" }));
});

test("a problem without words says its status", () => {
  assert.deepEqual(problemOf(reply(418, null)), {
    code: "about:blank",
    title: "the host answers 418",
    detail: "the host answers 418",
    status: 418,
  });
});
