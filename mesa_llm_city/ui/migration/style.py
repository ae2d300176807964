"""Style of the page of migration: colours for light and dark, and the order of its parts."""

from __future__ import annotations

__all__ = ["MIGRATION_STYLE"]

MIGRATION_STYLE = """
.migration{--back:#0063a6;--away:#b84300;--city:#4b3b8f;--village:#1f7a4d;--paper:#fff;
  --ground:#f4f6f8;--edge:#d5dbe1;--sheet:#f7f9f8;--tint:.1;
  --ink:#1c2733;--quiet:#55616e;--line:#8883;
  --c0:#0063a6;--c1:#b84300;--c2:#1f7a4d;--c3:#8a3a8f;--c4:#7a6200;--c5:#4a4a4a;
  color:var(--ink)}
.theme--dark .migration,body[data-jp-theme-light="false"] .migration{
  --back:#6bb7ff;--away:#ff9d5c;--city:#b3a4ff;--village:#6fd3a0;--paper:#1b2129;
  --ground:#12161b;--edge:#36404b;--sheet:#161c23;--tint:.13;
  --ink:#e8ecf0;--quiet:#a4b0bc;--line:#fff3;
  --c0:#6bb7ff;--c1:#ff9d5c;--c2:#6fd3a0;--c3:#e39be6;--c4:#e0c656;--c5:#c4c4c4}
.migration-drawing{width:100%;min-width:0;container-type:inline-size}
.migration-svg{display:block;width:100%;height:auto;overflow:visible;
  font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans CJK SC",sans-serif}
.migration-svg text{fill:var(--quiet)}
.migration-svg .migration-strong{fill:var(--ink)}
.migration-svg .grid{stroke:var(--line);stroke-width:1;fill:none}
.migration-svg [data-key]{cursor:pointer}
.migration-svg [data-key]:focus{outline:none}
.migration-svg [data-key]:focus-visible{outline:2px solid #d4006a;outline-offset:2px}
.migration-country{opacity:var(--tint);fill:var(--village)}
.migration-country.migration-city{fill:var(--city)}
.migration-map{background:var(--sheet);border-radius:10px;margin:8px 0;
  max-height:clamp(320px,calc(100vh - 250px),900px)}
.migration-chart,.migration-effects,.migration-waterfall{max-width:600px}
@container (min-width:500px){.migration-chart,.migration-effects{font-size:9.5px}}
@container (max-width:330px){.migration-chart,.migration-waterfall text{font-size:13px}}
.migration-axis{stroke:var(--quiet);fill:none}
.migration-arc{opacity:.62;stroke:var(--paper);stroke-width:.6}
.migration-arc:hover{opacity:1}
.migration-back{fill:var(--back)}
.migration-away{fill:var(--away)}
.migration-ring{fill:var(--paper);fill-opacity:.5;stroke:var(--quiet);stroke-width:1}
.migration-disc{fill:var(--village);stroke:var(--paper);stroke-width:1}
.migration-city .migration-disc{fill:var(--city)}
.migration-region:hover .migration-disc,.migration-region.migration-chosen .migration-disc{
  stroke:#d4006a;stroke-width:2.5}
.migration-svg .migration-name{fill:var(--ink);font-size:11.5px;paint-order:stroke;
  stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
.migration-svg .migration-city-name{font-weight:650;font-size:13px}
@container (max-width:520px){
  .migration-svg .migration-name{display:none}
  .migration-svg .migration-city-name{display:inline;font-size:21px}
  .migration-scale text{font-size:19px}
}
.migration-line{fill:none;stroke-width:2;stroke-linejoin:round}
.migration-dashed{stroke-dasharray:5 4}
.migration-band{opacity:.18}
.migration-colour-0{--c:var(--c0)}.migration-colour-1{--c:var(--c1)}
.migration-colour-2{--c:var(--c2)}.migration-colour-3{--c:var(--c3)}
.migration-colour-4{--c:var(--c4)}.migration-colour-5{--c:var(--c5)}
.migration-line{stroke:var(--c)}.migration-band{fill:var(--c)}
circle.migration-line{fill:var(--c)}
.migration-marker{stroke:#d4006a;stroke-width:1;stroke-dasharray:2 3;fill:none}
.migration-column{fill:transparent}
.migration-column:hover{fill:var(--line)}
.migration-dot{stroke:var(--paper);stroke-width:.5;opacity:.85}
.migration-stayed{fill:var(--quiet);opacity:.5}
.migration-dot.migration-chosen{stroke:#d4006a;stroke-width:2;opacity:1}
.migration-to-home{fill:var(--back)}.migration-to-city{fill:var(--away)}
.migration-waterfall text{fill:var(--ink);font-size:12px}
.migration-diagonal{stroke:var(--quiet);stroke-dasharray:4 4}
.migration-interval{stroke:var(--back);stroke-width:2}
.migration-bin{fill:var(--back);stroke:var(--paper)}
.migration-legend{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:.8rem;padding:2px 8px;
  align-items:center}
.migration-legend span{display:inline-flex;align-items:center;gap:6px}
.migration-swatch{display:inline-block;width:18px;height:4px;border-radius:2px}
.migration-swatch.round{width:11px;height:11px;border-radius:50%}
.migration-swatch.ring{background:none;border:1px solid var(--quiet)}
.migration-frame{container-type:inline-size;width:100%;background:var(--ground);
  min-height:100vh;min-height:100dvh}
.migration-page .city-panel{background:var(--paper);border:1px solid var(--edge);
  border-radius:10px;padding:8px 12px 12px}
.migration-page .v-sheet{background:transparent}
.migration-right .city-panel{margin-bottom:12px}
.migration-page{display:grid;gap:12px;padding:12px 16px;box-sizing:border-box;width:100%;
  grid-template-columns:236px minmax(0,1fr) 372px;align-items:start;
  font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.migration-page>*{min-width:0}
.migration-page .v-btn:not(.v-btn--icon){text-transform:none;letter-spacing:0}
.migration-side{display:flex;flex-direction:column;gap:12px;font-size:.88rem}
.migration-side .v-input{font-size:.88rem}
.migration-new .v-text-field{margin-top:10px;padding-top:10px}
.migration-new .v-text-field__details{display:none}
.migration-new .v-btn{margin-top:8px}
.migration-levers .v-input__slider{margin-bottom:8px}
.migration-middle>:first-child{display:flex;flex-direction:column;gap:12px;min-width:0}
.migration-charts{display:grid;gap:12px;margin-top:12px;
  grid-template-columns:repeat(auto-fit,minmax(min(330px,100%),1fr))}
.migration-head{display:flex;align-items:center;gap:0 12px;flex-wrap:wrap;padding:0 2px}
.migration-head h1{font-size:1.3rem;font-weight:680;letter-spacing:-.01em;margin:0;line-height:1.3}
.migration-head .city-decided{color:var(--quiet);flex:1 1 12rem}
.migration-facts{font-size:.84rem;margin:0;padding:0 8px}
.migration-facts>div{display:grid;grid-template-columns:96px minmax(0,1fr);gap:8px;padding:3px 0;
  border-top:1px solid var(--line)}
.migration-facts dt{color:var(--quiet)}
.migration-facts dd{margin:0;overflow-wrap:anywhere}
.migration-figures{display:grid;gap:10px;
  grid-template-columns:repeat(auto-fit,minmax(min(148px,100%),1fr))}
.migration-figures>div{background:var(--paper);border:1px solid var(--edge);border-radius:10px;
  padding:8px 14px 9px}
.migration-figures b{display:block;font-size:1.3rem;font-weight:650;line-height:1.25;
  letter-spacing:-.01em;font-variant-numeric:tabular-nums;white-space:nowrap}
.migration-figures span{font-size:.78rem;color:var(--quiet)}
@container (min-width:1700px){
  .migration-page{grid-template-columns:260px minmax(0,1fr) 430px}
  .migration-middle{display:grid;grid-template-columns:minmax(0,1.35fr) minmax(0,1fr);
    gap:14px 18px;align-items:start}
  .migration-middle>.migration-over-years{margin-top:0;grid-row:1 / span 2;grid-column:2}
  .migration-middle>.migration-fit{margin-top:0;
    grid-template-columns:repeat(auto-fit,minmax(min(270px,100%),1fr))}
}
@container (max-width:1180px){
  .migration-page{grid-template-columns:220px minmax(0,1fr)}
  .migration-right{grid-column:1 / -1;display:grid;gap:12px;align-items:start;
    grid-template-columns:repeat(auto-fit,minmax(min(330px,100%),1fr))}
  .migration-over-years{grid-template-columns:repeat(auto-fit,minmax(min(240px,100%),1fr))}
}
@container (max-width:760px){
  .migration-page{grid-template-columns:minmax(0,1fr);gap:6px;padding:6px}
  .migration-side,.migration-middle{display:contents}
  .migration-levers{order:1}
  .migration-right{order:2;grid-column:auto}
  .migration-over-years{order:3}
  .migration-fit{order:4}
  .migration-new{order:5}
}
"""
"""Style of the page, by the width of its container, not of the window."""
