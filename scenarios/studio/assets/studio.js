// A field, which is what counts, and the slider beside it move together. Nothing until one is moved by hand: where
// nothing is written the package's value counts, and the slider stands somewhere near.
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  studio: {
    together: function (written, slid) {
      const same = window.dash_clientside.no_update;
      const by = window.dash_clientside.callback_context.triggered.map((one) => one.prop_id);
      if (by.length !== 1) return [same, same];
      if (by[0].includes('"slider"')) return [String(Number(Number(slid).toPrecision(6))), same];
      const number = Number(String(written).replace(",", "."));
      return [same, String(written).trim() === "" || Number.isNaN(number) ? same : number];
    },
  },
});

// What is chosen in a list of the browser's own becomes the data of the store that it names (page/choosing.py).
document.addEventListener("change", (event) => {
  const sets = event.target.dataset && event.target.dataset.sets;
  if (sets) window.dash_clientside.set_props(JSON.parse(sets), { data: event.target.value });
});
