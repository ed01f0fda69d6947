// Ctrl+Enter (Cmd+Enter on a Mac) sends, help and pause lead back here, and the status line is read aloud.
"use strict";

// Help and pause lead back to this tab, with what was written in it.
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest("a[href='/help'], a[href='/pause']");
  if (link) link.search = location.search;
}, true);

document.addEventListener("keydown", (event) => {
  const box = event.target.closest && event.target.closest("#box textarea");
  if (!box || event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  event.stopPropagation();
  const send = document.querySelector("#send");
  if (send && !send.disabled) send.click();
}, true);

new MutationObserver(() => {
  for (const [selector, politeness] of [["#status", "polite"], ["#told", "polite"], ["#card", "assertive"]]) {
    const line = document.querySelector(selector);
    if (line && !line.hasAttribute("aria-live")) {
      line.setAttribute("role", politeness === "assertive" ? "alert" : "status");
      line.setAttribute("aria-live", politeness);
    }
  }
}).observe(document.documentElement, { childList: true, subtree: true });
