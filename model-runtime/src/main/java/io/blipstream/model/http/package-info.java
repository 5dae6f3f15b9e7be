/** What the HTTP clients of the hub and of image links have in common. */
package io.blipstream.model.http;
