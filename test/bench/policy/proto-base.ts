import { makeWorld, ROUND } from './world.ts';
import { simulate, type ReadPolicy } from './simulate.ts';
const rep = (name: string, o: any) => console.log(name.padEnd(14), o.callsPerDay.toFixed(0), 'mean', (o.waits.reduce((a: number,b: number)=>a+b,0)/o.waits.length/60).toFixed(1), 'p50', (o.waits[o.waits.length>>1]/60).toFixed(1), 'p95', (o.waits[Math.floor(o.waits.length*.95)]/60).toFixed(0),'n', o.waits.length, 'gap', (o.longestGap/3600).toFixed(2), 'maxday', o.mostCallsInADay);
for (const seed of [1,2,3]) {
  const t=Date.now(); const w = makeWorld(seed, 300); console.log('world', Date.now()-t, w.competitors.flatMap(c=>c.solves).filter(s=>s.event&&s.at>=w.measuredFrom).length);
  const all = w.competitors.map((_,i)=>i);
  rep('sync-all', simulate(w, { choose: (n)=> n%1800===0?all:[], observe(){} }));
  for (const [hi,mid,recent] of [[3,14,0],[7,30,0],[2,7,0],[1,7,0],[3,30,0]] as const) {
    const last = all.map(()=>0), seenAt=all.map(()=>0);
    const read = all.map(i=>w.from-((i*97)%96)*300);
    rep(`tiers ${hi} ${mid}`, simulate(w, { choose(n){ return all.filter(i=>{ const d=(n-last[i]!)/86400; const iv=d<=hi?1800:d<=mid?7200:28800; return n-read[i]!>=iv;}); }, observe(i,n,s){ read[i]=n; if(s.length) last[i]=s.at(-1)!.at; } }));
  }
}
