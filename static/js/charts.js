// Draws each [data-chart] from the JSON beside it. Plotly is fetched only when a page has a chart.
(() => {
  "use strict";
  const self = document.currentScript;
  const source = self.dataset.plotly;
  const nonce = self.nonce;
  let loading = null;

  const plotly = () => {
    if (window.Plotly) return Promise.resolve(window.Plotly);
    loading = loading || new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = source;
      script.nonce = nonce;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => { loading = null; reject(new Error("no Plotly")); };
      document.head.append(script);
    });
    return loading;
  };

  const base = {
    font: { family: "Arial, Liberation Sans, sans-serif", size: 13, color: "#212b32" },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 48, r: 16, t: 16, b: 40 },
    hovermode: "closest",
    showlegend: false,
    autosize: true,
  };

  const openTable = (mount) => {
    const details = mount.closest("figure") && mount.closest("figure").querySelector("details");
    mount.hidden = true;
    if (details) details.open = true;
  };

  const phone = window.matchMedia("(max-width: 720px)");
  const laidOut = (mount, figure) => ({
    ...base, height: Number(mount.dataset.height), ...figure.layout, ...(phone.matches ? figure.phone_layout : {}),
  });
  const figureOf = (mount) => JSON.parse(document.getElementById(mount.dataset.chart).textContent);
  const asDrawn = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false };

  const draw = async (mount) => {
    if (mount.dataset.drawn) return;
    mount.dataset.drawn = "true";
    try {
      const figure = figureOf(mount);
      mount.style.minHeight = `${mount.dataset.height}px`;
      const library = await plotly();
      await library.newPlot(mount, figure.data, laidOut(mount, figure), asDrawn);
    } catch (problem) {
      openTable(mount);
    }
  };

  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  document.addEventListener("product:swapped", drawAll);
  // A phone that is turned, or a window made narrow, gets the layout of its new width.
  phone.addEventListener("change", () => {
    for (const mount of document.querySelectorAll("[data-drawn].js-plotly-plot")) {
      const figure = figureOf(mount);
      window.Plotly.react(mount, figure.data, laidOut(mount, figure), asDrawn);
    }
  });
  drawAll();
})();
