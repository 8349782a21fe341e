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

  const phone = window.matchMedia("screen and (max-width: 720px)");
  const laidOut = (mount, figure) => ({
    ...base, height: Number(mount.dataset.height), ...figure.layout, ...(phone.matches ? figure.phone_layout : {}),
  });
  const figureOf = (mount) => JSON.parse(document.getElementById(mount.dataset.chart).textContent);
  const asDrawn = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false };

  const draw = async (mount) => {
    // What stands in closed details is drawn when they open: only then has it a width.
    if (mount.dataset.drawn || mount.closest("details:not([open])")) return;
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
  document.addEventListener("toggle", drawAll, true);
  // A phone that is turned, a window made narrow, and a sheet of paper get the layout of their own width.
  const drawAnew = () => {
    for (const mount of document.querySelectorAll("[data-drawn].js-plotly-plot")) {
      const figure = figureOf(mount);
      window.Plotly.react(mount, figure.data, laidOut(mount, figure), asDrawn);
    }
  };
  for (const width of [phone, window.matchMedia("print")]) width.addEventListener("change", drawAnew);

  // A picture to keep: made here, on white, with its title, and as wide as on a desk whatever this screen is.
  const picture = async (button) => {
    const mount = document.getElementById(button.dataset.of);
    const figure = figureOf(mount);
    const size = { width: 1100, height: Number(mount.dataset.height) + 60 };
    const title = { text: figure.picture.title, x: 0.02, xanchor: "left", font: { size: 15 } };
    const margin = { ...base.margin, ...figure.layout.margin };
    const layout = {
      ...base, ...figure.layout, ...size, title, autosize: false, paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff",
      margin: { ...margin, t: margin.t + 44 },
    };
    const library = await plotly();
    const link = document.createElement("a");
    const format = button.dataset.picture;
    link.href = await library.toImage({ data: figure.data, layout }, { ...size, format, scale: format === "png" ? 2 : 1 });
    link.download = `${button.dataset.name}.${format}`;
    link.click();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-picture]");
    if (button) picture(button);
  });
  drawAll();
})();
