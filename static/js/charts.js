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

  const draw = async (mount) => {
    if (mount.dataset.drawn) return;
    mount.dataset.drawn = "true";
    try {
      const figure = JSON.parse(document.getElementById(mount.dataset.chart).textContent);
      const small = window.matchMedia("(max-width: 720px)").matches;
      const height = Number(mount.dataset.height);
      mount.style.minHeight = `${height}px`;
      const library = await plotly();
      const layout = { ...base, height, ...figure.layout, ...(small ? figure.phone_layout : {}) };
      await library.newPlot(mount, figure.data, layout, {
        displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false,
      });
    } catch (problem) {
      openTable(mount);
    }
  };

  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  document.addEventListener("product:swapped", drawAll);
  drawAll();
})();
