function (user, context, callback) {
  // What the extension's own rule would have fetched. Auth0 puts no app_metadata into a token by itself, while the
  // simulator copies all of the user that it can enumerate.
  const authorization = JSON.parse(process.env.AUTHORIZATION || '{"groups":["Samples"],"roles":["Editor"],"permissions":[]}');
  Object.defineProperty(user, 'app_metadata', { value: { authorization }, enumerable: false });
  callback(null, user, context);
}
