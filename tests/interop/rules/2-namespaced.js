function (user, context, callback) {
  const { groups, roles } = user.app_metadata.authorization;
  context.idToken['https://example.com/auth'] = { groups, roles };
  callback(null, user, context);
}
