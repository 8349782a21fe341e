// Says so when a key was not read: taken away too early, refused, or not known.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.getElementById("key-error");
  said.hidden = true;
  requestAnimationFrame(() => { said.hidden = false; });
});
