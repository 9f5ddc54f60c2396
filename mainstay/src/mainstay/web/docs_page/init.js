// Starts Swagger UI; a file of its own because the security policy forbids scripts inside pages.
SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  // Its default is a badge from a foreign host.
  validatorUrl: null,
});
