package io.blipstream.schemas.registry;

/** An answer that is not a success, with Confluent's error codes. */
final class RegistryError extends RuntimeException {

  private final int status;
  private final int code;

  private RegistryError(int status, int code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  int code() {
    return code;
  }

  static RegistryError noSuchPath(String path) {
    return new RegistryError(404, 404, "There is nothing at " + path + ".");
  }

  static RegistryError wrongMethod(String method, String path) {
    return new RegistryError(405, 405, method + " is not possible at " + path + ".");
  }

  static RegistryError subjectNotFound(String subject) {
    return new RegistryError(404, 40401, "Subject '" + subject + "' not found.");
  }

  static RegistryError versionNotFound(String version) {
    return new RegistryError(404, 40402, "Version " + version + " not found.");
  }

  static RegistryError schemaNotFound(String what) {
    return new RegistryError(404, 40403, "Schema not found: " + what + ".");
  }

  static RegistryError noOwnCompatibility(String subject) {
    return new RegistryError(
        404, 40408, "Subject '" + subject + "' has no compatibility level of its own.");
  }

  static RegistryError incompatible(String why) {
    return new RegistryError(409, 409, why);
  }

  static RegistryError badRequest(String why) {
    return new RegistryError(400, 400, why);
  }

  static RegistryError tooLarge(int limit) {
    return new RegistryError(413, 413, "A request may have " + limit + " bytes at most.");
  }

  static RegistryError invalidSchema(String why) {
    return new RegistryError(422, 42201, "Invalid schema: " + why);
  }

  static RegistryError invalidVersion(String version) {
    return new RegistryError(
        422, 42202, "'" + version + "' is no version: give a number from 1, or latest.");
  }

  static RegistryError invalidCompatibility(String level) {
    return new RegistryError(422, 42203, "'" + level + "' is no compatibility level.");
  }

  static RegistryError notStored(String why) {
    return new RegistryError(500, 50001, "The registry could not write to its folder: " + why);
  }
}
