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
