import { makeWorld, ROUND, TIME_ZONE, type World } from './world.ts';
import { simulate, type ReadPolicy } from './simulate.ts';
import { weekHourIn, firstRhythm, learnRhythm, hourShares, rhythmWindow, WEEK } from '#shared/score-sync/policy/weekly-rhythm.ts';
const MU = 1/600;           // solves per s in a session
const L = 48*60;            // residual mean session
const GAP = 45*60;
const params = { index: 'N', phi: 0.5, hl: 8*WEEK, a0: 0.5, team: 1, ev: 1, cap: 1, k1: .5, k2: .9, idleW: 1 , A:0, tail: 1, sess:1, abs:0, absLag:900, bonus:0, pw:1, mx:0};
for (const arg of process.argv.slice(2)) { const [k,v]=arg.split('='); if(k! in params) (params as any)[k!] = isNaN(Number(v))? v: Number(v); }
const budgetArg = process.argv.find(a=>a.startsWith('b='));
const budgets = budgetArg? budgetArg.slice(2).split(',').map(Number):[5575,1858];
const seeds = (process.argv.find(a=>a.startsWith('seeds='))?.slice(6)??'101,102,103,104').split(',').map(Number);
const rhoW=(win:any,now:number,a:number,b:number)=>win.within(now-a)-win.within(now-b);
interface C { readAt:number; last:number; start:number; sessions:number; weeks:number; evAt:number; }
function ours(world: World, budget: number): ReadPolicy & {price:()=>number} {
  const { competitors, from } = world; const n = competitors.length;
  const wh = weekHourIn(TIME_ZONE);
  let rhythm = firstRhythm(from);
  let shares = hourShares(rhythm, 6); let sharesAt = from;
  let totS = 0, totSolves = 0, totW = 0.001;
  const cs: C[] = competitors.map((_,i)=>({readAt: from-((i*97)%96)*300, last:0, start:0, sessions:0, weeks:0, evAt:0}));
  const teams = new Map<string, number[]>(); competitors.forEach((c,i)=>teams.set(c.teamId,[...(teams.get(c.teamId)??[]),i]));
  const mates = competitors.map((c,i)=>teams.get(c.teamId)!.filter(j=>j!==i));
  let event: {start:number,end:number}|undefined;
  let K = 0, forced = 0; let ring = new Array(25).fill(0); let ringHour = 0;
  let price = 60*60; let boot = true;
  const pend: {when:number, rs:number[]}[]=[];
  let rateFactor = 1;
  const choose = (now: number) => {
    if (now - sharesAt >= 21600) { shares = hourShares(rhythm, totS>20? totSolves/totS: 6.5); sharesAt = now; }
    const sps = totS>20? totSolves/totS : 6.5;
    const m0 = (totS+1)/(totW+1);
    const win = rhythmWindow(shares, now, wh);
    const hour = Math.floor(now/3600);
    while (ringHour < hour) { if (hour-ringHour>30) ringHour=hour-1; ringHour++; ring[ringHour%25]=0; }
    const spent24 = ring.reduce((a,b)=>a+b,0);
    const list: {i:number, v:number, due:boolean}[] = [];
    const evOpen = event && now < event.end + 600;
    // rates
    for (let i=0;i<n;i++) {
      const c = cs[i]!;
      const x = now - c.readAt;
      const r = (params.a0 + c.sessions)/(params.a0/m0 + c.weeks); // sessions per week
      const rho = r*sps; // solves per week
      // P in session at read
      const ms = rho*win.densityAt(x);
      let prior0 = Math.min(.9, ms/MU);
      let P0;
      const u0 = c.last? c.readAt - c.last : 1e9;
      // base: no solve seen in window before read -> prior reduced
      if (u0 < 2*3600) { const eta=1/L; const e=Math.exp(-(MU+eta)*u0); P0 = e/(e+ eta/(MU+eta)*(1-e)); P0=Math.max(P0, 0); }
      else P0 = 0;
      P0 *= params.sess;
      const decay = Math.exp(-x/L);
      let N = rho*win.within(x) + (MU*P0 - ms)*L*(1-decay);
      let rate = rho*win.density + (MU*P0 - ms)*decay;
      if (params.abs) {
        let w = 0, share=0;
        for (const j of mates[i]!) { const d=cs[j]!; const rj=(params.a0 + d.sessions)/(params.a0/m0 + d.weeks); const until=d.readAt-params.absLag; if (d.last < until-3600 || d.last===0) { if (until>c.readAt) { const sh = Math.min(1,rj/r)*rhoW(win,now,c.readAt,until); if (sh>w) w=sh; if (now-until<1800) share=Math.max(share,Math.min(1,rj/r)); } } }
        N -= params.abs*rho*w; rate -= params.abs*rho*win.density*share*.7;
      }
      // team
      if (params.team) {
        let active = 0, minr = 1e9, b = 0;
        for (const j of mates[i]!) { const d = cs[j]!; if (d.last && now - d.last < 45*60 && d.readAt>=d.last && d.start>0) { active++; const rj=(params.a0 + d.sessions)/(params.a0/m0 + d.weeks); if (rj<minr) minr=rj; b = b? Math.min(b,d.start): d.start; } }
        if (active>0) {
          const mine = c.last >= b - 1200 && c.last>0;
          if (!mine) {
            let q = (active===1?params.k1:params.k2)*Math.min(1, r/minr);
            const from_ = b+300;
            if (c.readAt > from_) { const e=Math.exp(-MU*(c.readAt-from_)); q = q*e/(1-q+q*e); }
            const s0 = Math.max(from_, c.readAt);
            const y = now - s0;
            if (y>0) { const g = q*MU*Math.exp(-(s0-from_)/L); N += g*L*(1-Math.exp(-y/L)); rate += g*Math.exp(-y/L); }
          }
        }
      }
      if (evOpen && params.ev && event) {
        const b = event.start; let q: number;
        if (c.evAt >= b) q = 1; else { q = .4; if (c.readAt > b+450) { const e=Math.exp(-MU*(c.readAt-b-450)); q=q*e/(1-q+q*e);} }
        const s0=Math.max(b,c.readAt), e1=Math.min(now,event.end);
        if (e1>s0) { N += q*MU*(e1-s0);} if (now<event.end) rate += q*MU;
      }
      N = Math.max(N, 1e-9); rate=Math.max(rate,1e-12);
      const p = Math.min(1, rate/MU);
      let v: number;
      if (params.index==='N') {
        const idle = Math.max(1e-12, rho*((1-params.tail)*win.density+params.tail*win.ahead)*params.phi);
        const th = p*Math.sqrt(2*MU) + (1-p)*Math.sqrt(2*idle);
        v = (N/th)**2;
      } else if (params.index==='C') {
        const m = Math.max(1e-12, rho*((1-params.tail)*win.density+params.tail*win.ahead)); const sm = m/(65*60);
        const idle = Math.min(Math.sqrt(2*price*m), 1.5*(price**(2/3))*(sm/3)**(1/3));
        const th = params.pw*p*Math.sqrt(2*MU*price) + (1-p)*idle*params.phi;
        v = price*(N/th)**2;
      } else if (params.index==='M') {
        const idle = Math.max(1e-12, rho*((1-params.tail)*win.density+params.tail*win.ahead)*params.phi);
        const th = params.pw*p*Math.sqrt(2*MU) + (1-p)*Math.sqrt(2*idle);
        v = (1-params.mx)*(N/th)**2+ params.mx*N*x/2;
      } else if (params.index==='R') { v = N*N/(2*rate); }
      else { // A approx: N*x/2
        const base = rho*win.within(x); v = N*x/2;
      }
      list.push({i, v, due: x + ROUND > 28800});
    }
    // controller
    const wbar = 1/(168*3600);
    const d = (h: number)=> Math.sqrt((shares[h]??0)/3600/wbar);
    let D = 0; const h0 = wh(now); for (let k=0;k<24;k++) D += 12*d((h0+k)%168);
    if (boot) { // bisect on current list for initial price
      const vs = list.map(l=>l.v).toSorted((a,b)=>b-a); K = Math.sqrt(vs[Math.floor(budget/288)]??1)*(budget/288)/d(h0); boot=false; }
    let E = 0;
    if (evOpen && event) { const rem = Math.max(0,event.end-now); E = .4*n*Math.sqrt(MU/2)*rem; }
    let f = forced*288*0;
    price = ((K*D + E)/Math.max(1, budget*params.cap - f))**2;
    const chosen: number[] = []; let disc=0, forc=0;
    list.sort((a,b)=>b.v-a.v);
    for (const l of list) {
      if (l.v >= price) { chosen.push(l.i); disc++; }
      else if (l.due) { chosen.push(l.i); forc++; }
    }
    const tau=1/288;
    const y = (disc+forc)*Math.sqrt(price)/d(h0) ;
    const yE = E>0? 0: 1;
    if (yE) K += tau*(y-K);
    forced += tau*(forc-forced);
    ring[hour%25]+=chosen.length;
    return chosen;
  };
  const observe = (i: number, now: number, solves: readonly any[]) => {
    const c = cs[i]!;
    const f = 2**(-(now-c.readAt)/params.hl);
    const dw = params.hl/WEEK/Math.LN2*(1-f);
    c.sessions*=f; c.weeks = c.weeks*f + dw; 
    totW = totW*f**(1/n) + dw; totS*=f**(1/n); totSolves*=f**(1/n);
    const odl = solves.filter(s=>!s.event);
    for (const s of odl) { if (s.at - c.last > GAP) { c.sessions++; totS++; c.start = s.at; } c.last = Math.max(c.last,s.at); totSolves++; }
    if (odl.length) rhythm = learnRhythm(rhythm, now, odl.map(s=>s.at), wh);
    for (const s of solves) if (s.event) { c.evAt = s.at; if (!event || event.start!==s.event.start) event = {start:s.event.start,end:s.event.end}; }
    c.readAt = now;
  };
  return { choose, observe, price: ()=>price };
}
const rep = (name: string, o: any) => console.log(name.padEnd(14), o.callsPerDay.toFixed(0), 'mean', (o.waits.reduce((a: number,b: number)=>a+b,0)/o.waits.length/60).toFixed(2), 'p50', (o.waits[o.waits.length>>1]/60).toFixed(1), 'p95', (o.waits[Math.floor(o.waits.length*.95)]/60).toFixed(0), 'gap', (o.longestGap/3600).toFixed(2), 'maxday', o.mostCallsInADay);
for (const b of budgets) { const acc:number[][]=[];
 for (const s of seeds) { const w = makeWorld(s,300); const p = ours(w,b); const t=Date.now(); const o = simulate(w,p); 
 if (process.argv.includes('v')) rep(`seed ${s} ${Date.now()-t}ms`, o); acc.push([o.callsPerDay, o.waits.reduce((a,b)=>a+b,0)/o.waits.length/60, o.waits[o.waits.length>>1]!/60, o.mostCallsInADay]); }
 const avg = (k:number)=> (acc.reduce((a,r)=>a+r[k]!,0)/acc.length).toFixed(2);
 console.log('budget',b,'calls',avg(0),'mean',avg(1),'p50',avg(2),'maxday',avg(3));
}
