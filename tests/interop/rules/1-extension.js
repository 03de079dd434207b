function (user, context, callback) {
  user.app_metadata = { authorization: { groups: ['Samples'], roles: ['Editor'], permissions: [] } };
  callback(null, user, context);
}
