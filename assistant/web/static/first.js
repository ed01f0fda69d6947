// Keeps the draft on this computer's own server while the page gets ready, then goes on with it.
"use strict";

const box = document.getElementById("draft");
const tab = document.body.dataset.tab;
const line = document.getElementById("line");
let saved = box.value;

async function save() {
  if (box.value === saved) return;
  const text = box.value;
  const answer = await fetch(`/draft/${tab}`, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }) });
  if (answer.ok) saved = text;
}

async function look() {
  try {
    await save();
    const state = await (await fetch("/ready")).json();
    if (state.trouble) {
      line.textContent = state.trouble;
    } else if (state.ready) {
      await save();
      if (box.value === saved) {
        location.replace(`/talk/?tab=${tab}`);
        return;
      }
    }
  } catch {
    // the server is busy for a moment; the text is still in the box
  }
  setTimeout(look, 400);
}

look();
