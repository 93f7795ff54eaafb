// What JavaScript adds to the resident's pages. Every page works without it, and every part here works without the others:
// what an old browser lacks is left out. Line comments and indentation are taken off before it is sent.
(function () {
  "use strict";
  var KEPT_FOR = 7 * 864e5; // as long as a form is valid
  var TIMEOUT = 45000;
  var GOOD_FOR = 50 * 6e4; // a challenge is good for an hour
  var LEAST = 3500; // nobody writes a message in less: the server would ask for one more press
  var opened = Date.now();
  var store;
  try {
    store = window.localStorage;
    store.setItem("zd", "1");
    store.removeItem("zd");
  } catch (e) {
    store = null; // private mode, or storage is full or off
  }

  function one(within, selector) { return within.querySelector(selector); }
  function all(within, selector) { return [].slice.call(within.querySelectorAll(selector)); }
  function field(form, name) { return form.elements[name]; }

  // What is typed is kept on this phone until it has arrived.
  function keyOf(form) { return "zd:" + form.dataset.keep; }
  function load(key) {
    try {
      var found = JSON.parse(store.getItem(key));
      if (found && Date.now() - found.at < KEPT_FOR) return found;
      store.removeItem(key);
    } catch (e) { /* no storage */ }
    return null;
  }
  function save(key, content) {
    try { store.setItem(key, JSON.stringify(content)); } catch (e) { /* no storage */ }
  }
  function drop(key) {
    try { store.removeItem(key); } catch (e) { /* no storage */ }
  }
  function typed(form) {
    var values = {};
    all(form, "input,textarea,select").forEach(function (each) {
      if (!each.name || /^(altcha|website|move|seen)$/.test(each.name)) return;
      if (each.type === "radio" && !each.checked) return;
      values[each.name] = each.value;
    });
    return values;
  }
  function keep(form, waiting) { save(keyOf(form), { at: Date.now(), values: typed(form), waiting: !!waiting }); }
  function restore(form) {
    var kept = load(keyOf(form));
    var text = field(form, "text");
    if (!kept || !text || text.value || !kept.values.text) return null;
    Object.keys(kept.values).forEach(function (name) {
      var target = field(form, name);
      if (!target) return;
      if (target.length && !target.tagName) {
        all(form, 'input[name="' + name + '"]').forEach(function (radio) { radio.checked = radio.value === kept.values[name]; });
      } else {
        target.value = kept.values[name];
      }
    });
    return kept;
  }

  function say(form, text, tone) {
    var place = one(form, ".state");
    place.textContent = text || "";
    place.className = "state" + (tone ? " " + tone : "");
    if (text && tone) place.scrollIntoView({ block: "center" });
  }

  // The proof of work (ALTCHA, PBKDF2): solved while the person is still writing. WebCrypto works beside the page.
  function bytes(hex) {
    return new Uint8Array(hex.match(/../g).map(function (pair) { return parseInt(pair, 16); }));
  }
  function hex(buffer) {
    return [].map.call(new Uint8Array(buffer), function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
  }
  function solve(challenge) {
    var p = challenge.parameters, nonce = bytes(p.nonce), salt = bytes(p.salt), subtle = window.crypto.subtle;
    function attempt(counter) {
      var password = new Uint8Array(nonce.length + 4);
      password.set(nonce);
      new DataView(password.buffer).setUint32(nonce.length, counter);
      return subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]).then(function (key) {
        return subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: salt, iterations: p.cost }, key, 8 * p.keyLength);
      }).then(function (bits) {
        var derived = hex(bits);
        if (derived.indexOf(p.keyPrefix) !== 0) return counter < 5000 ? attempt(counter + 1) : "";
        return btoa(JSON.stringify({ challenge: challenge, solution: { counter: counter, derivedKey: derived } }));
      });
    }
    return attempt(0);
  }
  // Ages are measured on this phone alone: its clock may be hours off.
  function proof(form) {
    var asked = form.dataset.challenge;
    if (!asked || !window.crypto || !window.crypto.subtle || !window.fetch) return null;
    var id = field(form, "form").value.split(".")[0], known = form.proof;
    if (known && known.id === id && Date.now() - known.since < GOOD_FOR) return known.promise;
    var challenge = JSON.parse(asked);
    var fresh = challenge.parameters.data.case === id && Date.now() - opened < GOOD_FOR;
    var got = fresh ? Promise.resolve(challenge) : fetch(location.pathname + "/challenge?for=" + id).then(function (answer) {
      return answer.json();
    });
    form.proof = { id: id, since: fresh ? opened : Date.now() };
    form.proof.promise = got.then(solve).then(function (payload) { field(form, "altcha").value = payload; }, function () {
      form.proof = null;
    });
    return form.proof.promise;
  }
  function wait(ms) { return new Promise(function (done) { setTimeout(done, ms); }); }

  // Sending: a lost network loses nothing, a second press sends nothing twice (the form's token makes it one message).
  function body(form) {
    return all(form, "input,textarea,select").filter(function (each) {
      return each.name && !(each.type === "radio" && !each.checked);
    }).map(function (each) {
      return encodeURIComponent(each.name) + "=" + encodeURIComponent(each.value);
    }).join("&");
  }
  function arrivedAt(form) {
    if (form.dataset.done) return form.dataset.done;
    var token = field(form, "form").value.split(".");
    return "../m/" + token[0] + token[1] + "?new=1";
  }
  function post(form) {
    return Promise.race([
      fetch(location.pathname, {
        method: "POST", body: body(form), redirect: "manual", credentials: "same-origin",
        headers: { "Content-Type": "application/x-www-form-urlencoded" }
      }),
      wait(TIMEOUT).then(function () { throw new Error("timeout"); })
    ]);
  }
  function busy(form, yes) {
    form.busy = yes;
    all(form, "button.main").forEach(function (button) { button.setAttribute("aria-disabled", yes ? "true" : "false"); });
  }
  function send(form) {
    if (form.busy) return;
    busy(form, true);
    keep(form, true);
    say(form, form.dataset.sending);
    var early = form.dataset.challenge ? Math.max(0, LEAST - (Date.now() - opened)) : 0;
    Promise.all([Promise.race([proof(form), wait(15000)]), Promise.race([form.photos, wait(30000)]), wait(early)]).then(function () {
      return post(form);
    }).then(function (answer) {
      if (answer.type === "opaqueredirect") {
        drop(keyOf(form));
        location.href = arrivedAt(form);
        return null;
      }
      if (answer.status === 502 || answer.status === 504) throw new Error("gateway");
      return answer.text().then(function (html) { show(form, html); });
    }).catch(function () { later(form); });
  }
  function later(form) {
    busy(form, false);
    say(form, form.dataset.offline, "offline");
    form.tries = (form.tries || 0) + 1;
    clearTimeout(form.timer);
    form.timer = setTimeout(function () { send(form); }, Math.min(60000, 4000 * Math.pow(2, form.tries)));
  }
  function show(form, html) {
    keep(form);
    var page = new DOMParser().parseFromString(html, "text/html");
    document.title = page.title;
    one(document, "main").replaceWith(one(page, "main"));
    start();
    var first = one(document, ".summary") || one(document, "h1");
    first.setAttribute("tabindex", "-1");
    first.focus();
    window.scrollTo(0, 0);
  }

  function watch(form) {
    var kept = restore(form);
    if (kept) {
      say(form, form.dataset.kept);
      if (form.parentNode.tagName === "DETAILS") form.parentNode.open = true;
    }
    form.addEventListener("input", function () {
      clearTimeout(form.saving);
      form.saving = setTimeout(function () { keep(form); }, 300);
      proof(form);
    });
    if (window.fetch && window.Promise && "redirect" in Request.prototype && Element.prototype.replaceWith) {
      form.addEventListener("submit", function (event) {
        if (form.native) return;
        event.preventDefault();
        send(form);
      });
    } else {
      form.addEventListener("submit", function (event) {
        if (form.busy) event.preventDefault();
        form.busy = true;
        setTimeout(function () { form.busy = false; }, 8000);
      });
    }
    if (kept && kept.waiting && window.fetch) send(form);
  }

  // Photos: shrunk by drawing them anew, which leaves behind what the camera wrote of place and time, and sent one by one.
  function picture(file) {
    return new Promise(function (done, failed) {
      var reader = new FileReader(), image = new Image();
      reader.onerror = image.onerror = failed;
      reader.onload = function () { image.src = reader.result; };
      image.onload = function () { done(image); };
      reader.readAsDataURL(file);
    });
  }
  function drawn(image, longest) {
    var canvas = document.createElement("canvas"), scale = Math.min(1, longest / Math.max(image.width, image.height));
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  }
  function upload(place, token, blob) {
    return fetch(place, {
      method: "POST", headers: { "Content-Type": "application/json" }, credentials: "same-origin",
      body: JSON.stringify(token ? { form: token.value, size: blob.size } : { size: blob.size })
    }).then(function (answer) {
      if (!answer.ok) throw new Error("no place");
      return answer.json();
    }).then(function (offer) {
      var data = new FormData();
      Object.keys(offer.fields).forEach(function (name) { data.append(name, offer.fields[name]); });
      data.append("file", blob, "photo.jpg");
      return fetch(offer.url, { method: "POST", body: data }).then(function (answer) {
        if (!answer.ok) throw new Error("not taken");
        return offer.id;
      });
    });
  }
  function photos(form) {
    var place = one(form, ".pick"), ids = field(form, "photos");
    if (!place || !ids || !window.fetch || !window.FormData || !HTMLCanvasElement.prototype.toBlob) return;
    var input = one(place, "input[type=file]"), list = one(place, "ul"), said = place.dataset, button = one(form, "button.main");
    function chosen() { return ids.value ? ids.value.split(",") : []; }
    function set(found) {
      ids.value = found.join(",");
      if (form.dataset.keep) keep(form);
      else button.hidden = !found.length;
    }
    function add(file) {
      if (list.children.length >= +said.most) return;
      var item = document.createElement("li"), told = document.createElement("button"), away = document.createElement("button"), id = "";
      told.type = away.type = "button";
      told.className = away.className = "small";
      away.textContent = said.remove;
      away.addEventListener("click", function () {
        item.remove();
        set(chosen().filter(function (each) { return each !== id; }));
      });
      function go() {
        told.textContent = said.sending;
        told.disabled = true;
        var unread = false;
        var work = picture(file).catch(function () { unread = true; throw new Error("unread"); }).then(function (image) {
          if (item.firstChild === told) item.insertBefore(drawn(image, 96), told);
          return new Promise(function (done) { drawn(image, 1600).toBlob(done, "image/jpeg", 0.82); });
        }).then(function (blob) { return upload(said.place, field(form, "form"), blob); }).then(function (got) {
          id = got;
          if (item.parentNode) set(chosen().concat(got));
          told.textContent = said.there;
        }).catch(function () {
          told.disabled = unread;
          told.textContent = unread ? said.unread : said.failed;
        });
        form.photos = Promise.all([form.photos, work]);
      }
      told.addEventListener("click", go);
      item.appendChild(told);
      item.appendChild(away);
      list.appendChild(item);
      go();
    }
    place.hidden = false;
    input.addEventListener("change", function () {
      [].slice.call(input.files).forEach(add);
      input.value = "";
    });
  }

  function count(form) {
    var text = field(form, "text"), place = one(form, ".counter");
    if (!place) return;
    var most = +place.dataset.most;
    function tell() {
      var left = most - Array.from(text.value.replace(/\r\n/g, "\n").trim()).length;
      place.hidden = left > 500;
      place.classList.toggle("fault", left < 0);
      place.textContent = (left < 0 ? place.dataset.over : place.dataset.left).replace("#", Math.abs(left));
    }
    text.addEventListener("input", tell);
    tell();
  }

  function position(form) {
    var place = one(form, ".position");
    if (!place || !navigator.geolocation || window.isSecureContext === false) return;
    var button = one(place, "button"), told = one(place, "span"), lat = field(form, "lat"), lon = field(form, "lon");
    function is(text, action, at, metres) {
      told.textContent = text.replace("#", metres);
      button.textContent = action;
      lat.value = at ? at.latitude.toFixed(5) : "";
      lon.value = at ? at.longitude.toFixed(5) : "";
    }
    place.hidden = false;
    if (lat.value) button.textContent = place.dataset.forget;
    button.addEventListener("click", function () {
      if (lat.value) { is("", place.dataset.use); keep(form); return; }
      told.textContent = place.dataset.asking;
      navigator.geolocation.getCurrentPosition(function (found) {
        is(place.dataset.found, place.dataset.forget, found.coords, Math.round(found.coords.accuracy));
        keep(form);
      }, function () { is(place.dataset.failed, place.dataset.use); }, { timeout: 15000, maximumAge: 60000, enableHighAccuracy: true });
    });
  }

  function copying(button) {
    var address = location.href.replace(/[?#].*/, "");
    function copied() { button.textContent = button.dataset.copied; }
    function old() {
      var area = document.createElement("textarea");
      area.value = address;
      button.parentNode.appendChild(area);
      area.select();
      if (document.execCommand("copy")) copied();
      area.remove();
      button.focus();
    }
    button.hidden = false;
    button.addEventListener("click", function () {
      if (navigator.clipboard && navigator.clipboard.writeText) navigator.clipboard.writeText(address).then(copied, old);
      else old();
    });
  }

  // What has arrived need not be kept.
  function tidy(id) {
    try {
      Object.keys(store).forEach(function (key) {
        var found = /^zd:d\//.test(key) && load(key);
        if (found && (found.values.form || "").indexOf(id + ".") === 0) drop(key);
      });
    } catch (e) { /* no storage */ }
  }

  function start() {
    all(document, "form[data-keep]").forEach(function (form) {
      watch(form);
      if (field(form, "text")) count(form);
      position(form);
      photos(form);
    });
    all(document, "form.more-photos").forEach(photos);
    all(document, ".copy").forEach(copying);
    all(document, "[data-sent]").forEach(function (each) { tidy(each.dataset.sent); });
    var first = one(document, ".summary");
    if (first) first.focus();
  }

  all(document, "button[name=lang]").forEach(function (button) {
    button.addEventListener("click", function () { if (button.form) button.form.native = true; });
  });
  window.addEventListener("online", function () {
    all(document, "form[data-keep]").forEach(function (form) {
      var kept = load(keyOf(form));
      if (kept && kept.waiting && !form.busy) send(form);
    });
  });
  start();
})();
