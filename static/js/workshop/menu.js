// A menu at whatever it is about: arrows go through it, Escape closes it and goes back.

const menu = () => document.getElementById("ws-menu");
let back = null;

export function open(element, items) {
  const list = menu();
  back = element.id ? () => document.getElementById(element.id) : element.dataset?.key ? () => document.querySelector(`#ws-picture [data-key="${CSS.escape(element.dataset.key)}"]`) : () => element;
  list.replaceChildren(
    ...items.map(({ label, about, run }) => {
      const item = document.createElement("li");
      item.setAttribute("role", "none");
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("role", "menuitem");
      button.tabIndex = -1;
      button.textContent = label;
      if (about) {
        const small = document.createElement("span");
        small.textContent = about;
        button.append(small);
      }
      button.addEventListener("click", () => {
        close({ toElement: true });
        run();
      });
      item.append(button);
      return item;
    }),
  );
  list.hidden = false;
  const box = element.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  list.style.top = `${box.bottom + 4 + height > innerHeight ? Math.max(8, box.top - height - 4) : box.bottom + 4}px`;
  list.querySelector("button")?.focus();
}

export function close({ toElement = false } = {}) {
  if (menu().hidden) return;
  menu().hidden = true;
  if (toElement) back?.()?.focus?.({ preventScroll: true });
}

export function start() {
  menu().addEventListener("keydown", (event) => {
    const all = [...menu().querySelectorAll("button")];
    const here = all.indexOf(document.activeElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all.at(to % all.length).focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close({ toElement: true });
    }
    event.stopPropagation();
  });
  document.addEventListener("pointerdown", (event) => !menu().contains(event.target) && close());
}
