package io.blipstream.schemas.serde;

import io.blipstream.schemas.ImageEvent;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Avro's list of classes that a schema may name, with our generated classes added.
 *
 * <p>Since 1.12.2 Avro refuses to make any record class that is not on one list for the whole JVM,
 * ours included. We add our package to what is there and take nothing away; a serde that a user
 * names, which calls Avro itself, needs this as much as ours.
 */
final class TrustedRecords implements ClassSecurityPredicate {

  private static final String PACKAGE = ImageEvent.class.getPackageName();

  private final ClassSecurityPredicate others;

  private TrustedRecords(ClassSecurityPredicate others) {
    this.others = others;
  }

  /** Adds our records to the list; a second call changes nothing. */
  static void trust() {
    synchronized (TrustedRecords.class) {
      ClassSecurityPredicate present = ClassSecurityValidator.getGlobal();
      if (!(present instanceof TrustedRecords)) {
        ClassSecurityValidator.setGlobal(new TrustedRecords(present));
      }
    }
  }

  @Override
  public boolean isTrusted(Class<?> type) {
    return type.getPackageName().equals(PACKAGE) || others.isTrusted(type);
  }

  @Override
  public void forbiddenClass(String className) {
    others.forbiddenClass(className);
  }
}
