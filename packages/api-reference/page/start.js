/* Shows the contract of the server that this page came from; the token in its address, if any, goes with every request. */
const token = new URLSearchParams(location.search).get('access_token')

const reference = window.SwaggerUIBundle({
  dom_id: '#reference',
  url: 'openapi.json',
  // Nothing leaves this server.
  validatorUrl: null,
  // The chapters alone, unless the address names an operation: only then does it open.
  docExpansion: location.hash.length > 1 ? 'list' : 'none',
  deepLinking: true,
  filter: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  requestInterceptor(request) {
    if (token && !request.headers.Authorization) request.headers.Authorization = `Bearer ${token}`
    return request
  },
  onComplete() {
    if (token) reference.preauthorizeApiKey('bearer', token)
  },
})
