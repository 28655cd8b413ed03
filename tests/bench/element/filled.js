import { httpHost } from "/pkg/index.js";

const form = document.querySelector("change-request");
form.draft = await (await fetch("draft.json")).json();
form.host = httpHost({ endpoint: "/api", token: async () => sessionStorage.getItem("changegate-demo-token") ?? "" });
