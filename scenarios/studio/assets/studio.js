// A slider writes into the field beside it, which is what counts. Nothing until it was moved by hand.
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  studio: {
    slid: function (value) {
      const moved = window.dash_clientside.callback_context.triggered.length > 0;
      if (!moved || value === null || value === undefined) return window.dash_clientside.no_update;
      return String(Number(Number(value).toPrecision(6)));
    },
  },
});

// A list to choose from is called by its label and its value; by itself it tells its value alone.
new MutationObserver(() => {
  for (const list of document.querySelectorAll("label .dash-dropdown:not([data-named])")) {
    const label = list.closest("label").querySelector("span");
    label.id = label.id || `label-of-${list.id}`;
    list.setAttribute("aria-labelledby", `${label.id} ${list.getAttribute("aria-labelledby")}`);
    list.dataset.named = "";
  }
}).observe(document.documentElement, { childList: true, subtree: true });
