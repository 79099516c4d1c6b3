"use strict";

const dark = matchMedia("(prefers-color-scheme: dark)");
const followScheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", followScheme);
followScheme();

const place = document.getElementById("docs");
SwaggerUIBundle({ domNode: place, url: place.dataset.description, deepLinking: true, validatorUrl: null });
