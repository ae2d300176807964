"""The layout of the page: three columns, two, or one, by the width that the page has."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
.city-frame{container-type:inline-size;width:100%}
.city-page{display:grid;gap:12px;padding:10px 14px;width:100%;box-sizing:border-box;
  grid-template-columns:236px minmax(0,1fr) 372px;align-items:start;
  font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
  --city-map-height:clamp(340px,calc(100vh - 340px),920px)}
.city-page>*{min-width:0}
.city-side{display:flex;flex-direction:column;gap:6px;font-size:.88rem}
.city-side .v-input{font-size:.88rem}
.city-run .v-text-field,.city-more .v-text-field{margin-top:10px;padding-top:10px}
.city-run .v-text-field__details,.city-more .v-text-field__details{display:none}
.city-more .v-btn{margin-top:6px}
.city-page .v-btn:not(.v-btn--icon){text-transform:none;letter-spacing:0}
.city-panel{border-radius:8px}
.city-middle>*{margin-bottom:8px}
.city-charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(340px,100%),1fr));
  gap:10px;margin-top:10px}
.city-head{display:flex;align-items:center;gap:8px;padding:2px 8px}
.city-head h1{font-size:1.05rem;font-weight:650;margin:0;line-height:1.25;flex:1;min-width:0;
  overflow-wrap:anywhere}
.city-badge{font-size:.7rem;border:1px solid currentColor;border-radius:9px;padding:0 8px;
  opacity:.8;white-space:nowrap}
.city-past{display:flex;gap:10px;align-items:center;padding:4px 10px;margin:6px 0;
  border-left:4px solid #d4006a;background:#d4006a14;font-size:.88rem}
.city-tabs .v-tab{min-width:0;padding:0 10px;text-transform:none;letter-spacing:0;
  font-size:.84rem;height:32px}
.city-tabs .v-tabs-bar{height:auto!important}
.city-tabs .v-slide-group__content{flex-wrap:wrap;white-space:normal;
  transform:none!important;width:100%}
.city-tabs .v-tabs-slider-wrapper,.city-tabs .v-slide-group__prev,
.city-tabs .v-slide-group__next{display:none!important}
.city-tabs .v-tab--active{box-shadow:inset 0 -2px currentColor;font-weight:650}
.city-page *:focus-visible{outline:2px solid #d4006a;outline-offset:1px}
.city-person .city-close{display:none}
.city-said{max-height:50vh;overflow:auto}
@container (max-width:1300px){
  .city-page{gap:10px;padding:8px 12px;grid-template-columns:212px minmax(0,1fr) 324px}
}
@container (max-width:1180px){
  .city-page{grid-template-columns:220px minmax(0,1fr)}
  .city-person{grid-column:1 / -1}
  .city-person-open{position:sticky;bottom:0;z-index:4;max-height:44vh;overflow:auto;
    background:#fff;border-top:1px solid #8888;border-radius:12px 12px 0 0;
    box-shadow:0 -4px 18px #0004;padding:6px 8px 10px}
  .theme--dark .city-person-open{background:#1e1e1e}
  .city-person-open .city-close{display:inline-flex;position:sticky;top:0;float:right;z-index:1;
    background:inherit}
}
@container (max-width:760px){
  .city-page{grid-template-columns:minmax(0,1fr);gap:6px;padding:6px;
    --city-map-height:clamp(300px,52vh,560px)}
  .city-side{display:contents}
  .city-run,.city-more{font-size:.88rem}
  .city-more{order:1}
  .city-person{order:2}
  .city-run .city-clock{flex-flow:row wrap!important;align-items:baseline;
    gap:0 10px!important;padding:0 8px!important}
  .city-run .city-clock .city-time{font-size:1.4rem!important}
  .city-run .city-panel>h2{display:none}
  .city-controls{display:flex;flex-wrap:wrap;align-items:center;gap:2px 12px}
  .city-controls>*{flex:0 1 auto}
}
"""
"""Style of the page, as a sheet for browsers; by the width of the page, not of the window."""
