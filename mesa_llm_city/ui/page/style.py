"""The layout of the page by the width that it has, its type, spacing and colours."""

from __future__ import annotations

__all__ = ["STYLE"]

_GROUND = """
.city-frame{container-type:inline-size;width:100%;color-scheme:light;
  --city-surface:#fff;--city-ground:#f4f6f8;--city-text:#1c2733;--city-faint:#55616e;
  --city-edge:#d5dbe1;--city-accent:#c2185b;--city-blue:#1565c0;
  color:var(--city-text);background:var(--city-ground);min-height:100vh;min-height:100dvh}
.theme--dark .city-frame{color-scheme:dark;
  --city-surface:#1b2129;--city-ground:#12161b;--city-text:#e8ecf0;--city-faint:#a4b0bc;
  --city-edge:#36404b;--city-accent:#ff7fae;--city-blue:#1565c0}
.city-page{display:grid;gap:12px;padding:10px 14px;width:100%;box-sizing:border-box;
  grid-template-columns:236px minmax(0,1fr) 372px;align-items:start;
  font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
  --city-map-height:clamp(340px,calc(100vh - 340px),920px)}
.city-page>*{min-width:0}
.city-page .v-btn:not(.v-btn--icon){text-transform:none;letter-spacing:0;border-radius:7px}
.city-page .v-btn--outlined{border-color:var(--city-edge);background:var(--city-surface)}
.city-page *:focus-visible{outline:2px solid var(--city-accent);outline-offset:1px}
.city-panel{border-radius:10px}
.city-badge{font-size:.7rem;border:1px solid currentColor;border-radius:9px;padding:0 8px;
  white-space:nowrap;color:var(--city-faint)}
.city-side{display:flex;flex-direction:column;gap:6px;font-size:.88rem}
.city-side .v-input{font-size:.88rem}
.city-run .v-text-field,.city-more .v-text-field{margin-top:10px;padding-top:10px}
.city-run .v-text-field__details,.city-more .v-text-field__details{display:none}
.city-more .v-btn{margin-top:6px}
.city-said{max-height:50vh;overflow:auto}
"""
"""What this page and the page of a model of society share."""

_BAR = """
.city-desk{padding:0;gap:0;grid-template-columns:minmax(0,1fr) clamp(332px,28cqi,460px);
  --city-below:282px;
  --city-map-height:clamp(320px,calc(100vh - 68px - 96px - var(--city-below)),1200px)}
.city-bar{grid-column:1 / -1;position:sticky;top:0;z-index:6;display:flex;align-items:center;
  gap:4px 22px;padding:7px 16px;min-height:56px;background:var(--city-surface);
  border-bottom:1px solid var(--city-edge);font-size:.86rem}
.city-head{display:flex;align-items:center;gap:10px;min-width:0;flex:0 1 auto}
.city-head h1{font-size:1.12rem;font-weight:680;letter-spacing:-.01em;margin:0;line-height:1.2;
  min-width:0;overflow-wrap:anywhere}
/* A city may be named by a common word. */
.city-head h1::first-letter{text-transform:uppercase}
.city-bar .city-clock{display:grid!important;flex:none!important;width:auto!important;
  grid-template-columns:auto auto auto;column-gap:10px!important;align-items:center;
  padding:0!important;white-space:nowrap}
.city-bar .city-time{grid-row:1 / 3;font-size:1.75rem!important;font-weight:600;
  font-variant-numeric:tabular-nums;letter-spacing:-.02em}
.city-bar .city-date{grid-area:1 / 2 / 2 / 4;line-height:1.3}
.city-bar .city-day{grid-area:2 / 2;line-height:1.3;color:var(--city-faint);font-size:.8rem}
.city-bar .city-weather{grid-area:2 / 3;line-height:1.3;color:var(--city-faint);font-size:.8rem}
.city-desk .v-sheet{background:transparent}
.city-controls-area{flex:1 1 auto;min-width:0}
.city-bar .city-panel{width:auto;padding:0;overflow:visible;min-width:0;min-height:36px;
  display:flex;align-items:center;gap:4px 14px}
.city-bar .city-panel>h2{display:none}
.city-transport{display:flex;align-items:center;gap:6px;flex:none}
.city-bar .city-choice{margin:0}
.city-bar .city-choice>span{position:absolute;width:1px;height:1px;overflow:hidden;
  clip-path:inset(50%)}
.city-bar .city-choice select{height:28px;width:auto;border-color:var(--city-edge)}
.city-state-row{display:flex;flex-wrap:wrap;gap:0 8px;align-items:baseline;min-width:0}
.city-state,.city-pace{font-size:.82rem!important;color:var(--city-faint);margin:0!important}
/* How far it is stands below what it does, so that the bar keeps its height. */
.city-run-state{display:grid;grid-template-columns:minmax(50px,130px) auto;gap:0 8px;
  justify-content:start;align-items:center;min-width:0;flex:1 1 auto}
.city-run-state .city-state-row,.city-run-state .city-error{grid-column:1 / -1}
.city-progress{width:100%;min-width:50px}
.city-share{font-variant-numeric:tabular-nums;color:var(--city-faint);white-space:nowrap;
  font-size:.78rem!important;margin:0!important;line-height:1.3}
.city-tools{display:flex;align-items:center;gap:4px;margin-left:auto;flex:none}
.city-tools>*{flex:none}
.city-tools .v-sheet{display:flex;align-items:center;gap:0!important}
.city-bar .city-popup{flex:none}
.city-bar .city-popup-inside .city-choice>span{position:static;width:auto;height:auto;
  clip-path:none}
.city-bar .city-popup-inside .city-choice{margin:4px 0}
.city-bar .city-popup-inside .city-choice select{width:100%}
.city-bar .city-popup-inside .v-text-field{margin-bottom:6px}
.city-question-before{max-width:30rem}
"""
"""The bar above the map."""

_BODY = """
.city-desk .city-middle{padding:12px 6px 12px 16px}
.city-desk .city-middle>*{margin-bottom:10px}
.city-desk .city-right{padding:12px 16px 12px 6px;display:flex;flex-direction:column;gap:12px;
  position:sticky;top:57px;max-height:calc(100vh - 57px);overflow:auto;scrollbar-width:thin;
  box-sizing:border-box}
.city-desk .city-person,.city-desk .city-more .city-panel,.city-desk .city-charts>*>.city-panel,
.city-desk .city-charts>.city-panel{background:var(--city-surface);
  border:1px solid var(--city-edge);border-radius:10px;padding:8px 12px 10px}
.city-desk .city-person .city-panel{padding:2px 0}
.city-desk .city-more{display:flex;flex-direction:column;gap:12px;font-size:.86rem}
.city-desk .city-more .v-input{font-size:.88rem}
.city-desk .city-section>.city-panel,.city-desk .city-section .city-feed,
.city-desk .city-section .city-network,.city-desk .city-section .city-act{padding:2px 0}
.city-map-area{position:relative}
.city-night{position:absolute;left:50%;bottom:18px;transform:translateX(-50%);z-index:3;
  display:flex;flex-wrap:wrap;gap:6px 14px;align-items:center;justify-content:center;
  width:max-content;max-width:calc(100% - 32px);box-sizing:border-box;padding:8px 14px;
  border-radius:12px;background:var(--city-surface);border:1px solid var(--city-edge);
  box-shadow:0 6px 24px #0003;font-size:.88rem}
/* On two small maps it would cover a legend. */
.city-both-maps{display:flex;flex-direction:column;gap:8px}
.city-both-maps .city-night{position:static;order:-1;transform:none;align-self:center;
  max-width:100%;padding:6px 14px;box-shadow:none}
.city-section{container-type:inline-size}
.city-charts{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:12px}
@container (max-width:1250px){.city-charts{grid-template-columns:repeat(2,minmax(0,1fr))}}
@container (max-width:600px){.city-charts{grid-template-columns:minmax(0,1fr)}}
/* Name and time stand in the bar. */
.city-desk .mlc-head{display:none}
.city-desk .mlc-bar{top:10px;max-width:calc(100% - 20px)}
.city-past{display:flex;gap:10px;align-items:center;padding:6px 12px;border-radius:8px;
  border-left:4px solid var(--city-accent);background:var(--city-surface);font-size:.88rem}
.city-tabs .v-tab{min-width:0;padding:0 9px;text-transform:none;letter-spacing:0;
  font-size:.84rem;height:32px;color:var(--city-faint)!important}
.city-tabs .v-tabs-bar{height:auto!important}
.city-tabs .v-slide-group__content{flex-wrap:wrap;white-space:normal;
  transform:none!important;width:100%}
.city-tabs .v-tabs-slider-wrapper,.city-tabs .v-slide-group__prev,
.city-tabs .v-slide-group__next{display:none!important}
.city-tabs .v-tab--active{box-shadow:inset 0 -2px var(--city-accent);font-weight:650;
  color:var(--city-text)!important}
/* Only the keyboard needs a mark of where it is beside the line of the open tab. */
.city-tabs .v-tab:focus:not(:focus-visible)::before{opacity:0!important}
.city-person .city-tabs .v-tab{padding:0 3px;font-size:.78rem}
.city-person .city-close{display:none}
"""
"""The map, what is below it, and what is beside it."""

_NARROW = """
@container (min-width:1500px){
  .city-desk{--city-below:238px}
}
@container (max-width:1500px){
  .city-bar{gap:4px 16px}
  .city-state-row{max-width:19rem}
}
@container (max-width:1240px){
  .city-bar{flex-wrap:wrap}
  /* Keys and colours stand beside the time, so that the bar has two rows at most. */
  .city-bar .city-controls-area,.city-bar .city-popup-area{order:1}
  .city-page:not(.city-desk){gap:10px;padding:8px 12px;
    grid-template-columns:220px minmax(0,1fr) 324px}
}
@container (max-width:1020px){
  .city-page:not(.city-desk){grid-template-columns:220px minmax(0,1fr)}
  .city-desk{grid-template-columns:minmax(0,1fr);
    --city-map-height:clamp(320px,calc(100vh - 130px - 100px - 190px),1000px)}
  .city-desk .city-middle{padding:10px 12px 0}
  /* Beside the legend, which would be covered, and above the scale. */
  .city-night{left:auto;right:62px;bottom:46px;transform:none;max-width:calc(100% - 330px)}
  .city-desk .city-right{position:static;max-height:none;overflow:visible;padding:0 12px 16px}
  .city-desk .city-more{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr))}
  .city-desk .city-person{border-width:1px}
  .city-desk .city-person-open{position:fixed;left:0;right:0;bottom:0;z-index:8;max-height:46vh;
    overflow:auto;border-radius:16px 16px 0 0;box-shadow:0 -6px 30px #0005;padding:10px 16px 18px}
  .city-person-open::before{content:"";display:block;width:40px;height:4px;border-radius:2px;
    margin:-2px auto 6px;background:var(--city-edge)}
  .city-person-open .city-close{display:inline-flex;position:sticky;top:0;float:right;z-index:1;
    background:var(--city-surface)}
  .city-frame:has(.city-person-open) .city-more{padding-bottom:46vh}
}
@container (max-width:760px){
  .city-page:not(.city-desk){grid-template-columns:minmax(0,1fr);gap:6px;padding:6px}
  .city-side{display:contents}
  .city-page:not(.city-desk) .city-more{order:1}
  .city-bar{padding:5px 10px;gap:4px 10px}
  .city-head{flex:1 1 50%}
  .city-head h1{font-size:1rem}
  .city-bar .city-clock{order:1;flex:1 1 auto!important}
  .city-bar .city-date,.city-bar .city-day{font-size:.76rem}
  .city-bar .city-weather{display:none}
  .city-bar .city-time{font-size:1.35rem!important}
  .city-bar .city-controls-area{order:3;flex:1 1 100%}
  .city-bar .city-panel{flex-wrap:wrap}
  .city-bar .city-state-paused:not(.city-state-stopped){position:absolute;width:1px;height:1px;
    overflow:hidden;clip-path:inset(50%)}
  .city-bar .city-popup-area{order:2}
  .city-desk{--city-map-height:clamp(280px,calc(100vh - 130px - 84px - 90px),900px)}
  .city-desk .city-middle{padding:8px 8px 0}
  .city-desk .city-right{padding:0 8px 12px}
  .city-night{left:50%;right:auto;bottom:auto;top:64px;transform:translateX(-50%);
    max-width:calc(100% - 32px);padding:8px 12px}
}
"""
"""Narrower pages: one column, and a person as a sheet from below."""

STYLE = f"{_GROUND}{_BAR}{_BODY}{_NARROW}"
"""Style of the page, as a sheet for browsers; by the width of the page, not of the window."""
