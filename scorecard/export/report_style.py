"""How the HTML report looks on a light screen, a dark one and paper, and the few lines that draw its charts."""

from scorecard.charts.theme import GOOD, OFF

STYLE = f"""
:root{{color-scheme:light dark;--ink:light-dark(#101828,#E6EAF0);--muted:light-dark(#475467,#A9B4C2);
--rule:light-dark(#D9DEE7,#2C3947);--page:light-dark(#FFFFFF,#0F1720);--pale:light-dark(#F5F7FA,#18222E)}}
*{{box-sizing:border-box}}
body{{margin:0 auto;max-width:1040px;padding:24px 20px;background:var(--page);color:var(--ink);
font:16px/1.45 Inter,system-ui,sans-serif}}
h1{{font-size:30px;margin:0 0 12px}}h2{{font-size:21px;margin:0 0 10px;line-height:1.25}}
h3{{font-size:15px;margin:0 0 4px}}
dl{{display:grid;grid-template-columns:max-content 1fr;gap:2px 20px;margin:0;font-size:14px}}
dt{{color:var(--muted)}}dd{{margin:0;overflow-wrap:anywhere}}
section{{border-top:1px solid var(--rule);margin-top:26px;padding-top:22px}}
.charts{{display:grid;gap:28px}}.charts.n2{{grid-template-columns:1fr 1fr}}.charts>div{{min-width:0}}
.wide{{overflow-x:auto}}
table{{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}}
th,td{{text-align:right;padding:7px 10px;border-bottom:1px solid var(--rule);white-space:nowrap}}
thead th{{background:var(--pale);color:var(--muted);font-weight:600;font-size:14px}}
th:first-child,td:first-child{{text-align:left;font-weight:500}}
.words th,.words td{{text-align:left;white-space:normal;vertical-align:top;font-size:14.5px}}
.kpis td.status,.kpis th:nth-child(4){{text-align:left}}.big{{font-size:22px;font-weight:650}}.status{{font-weight:600}}
.status.on{{color:light-dark({GOOD},#5FDDD1)}}.status.near{{color:light-dark(#8A5300,#F2B84B)}}
.status.off{{color:light-dark({OFF},#FF9C8F)}}
.note,details,footer{{color:var(--muted);font-size:13.5px}}footer{{margin-top:28px;overflow-wrap:anywhere}}
summary{{cursor:pointer}}details p{{margin:6px 0}}
.js-plotly-plot text{{fill:currentColor!important}}
.js-plotly-plot .gridlayer path{{stroke:currentColor!important;stroke-opacity:.14!important}}
.js-plotly-plot tspan[style*="{GOOD}" i]{{fill:light-dark({GOOD},#5FDDD1)!important}}
.js-plotly-plot tspan[style*="{OFF}" i]{{fill:light-dark({OFF},#FF9C8F)!important}}
.js-plotly-plot .hoverlayer .bg{{fill:#101828!important}}.js-plotly-plot .hoverlayer text{{fill:#FFF!important}}
@media (max-width:720px){{.charts.n2{{grid-template-columns:minmax(0,1fr)}}th,td{{padding:6px}}}}
@page{{size:A4 landscape;margin:12mm 12mm 16mm;@bottom-left{{font:10px sans-serif;color:#475467}}
@bottom-right{{content:counter(page) " / " counter(pages);font:10px sans-serif;color:#475467}}}}
@media print{{:root{{color-scheme:light}}body{{padding:0;max-width:none;width:1000px;print-color-adjust:exact;
-webkit-print-color-adjust:exact}}section{{break-inside:avoid;border:0;margin:0;padding:0;break-before:page}}
#kpis{{break-before:auto;margin-top:22px}}footer,details{{display:none}}}}
"""

DRAW = """
const figures = JSON.parse(document.getElementById('figures').textContent);
const draw = [];
for (const [name, figure] of Object.entries(figures)) {
  draw.push(Plotly.newPlot(name, figure.data, {...figure.layout, autosize: true},
    {displayModeBar: false, responsive: true}));
}
Promise.all(draw).then(() => { document.body.dataset.drawn = 'yes'; });
"""
