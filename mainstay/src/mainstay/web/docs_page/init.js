// Starts Swagger UI; a file of its own because the security policy forbids scripts inside pages.
SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  // Groups open one by one: all operations of a large program at once take a browser seconds.
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  filter: true,
  presets: [SwaggerUIBundle.presets.apis],
  // Its default is a badge from a foreign host.
  validatorUrl: null,
});
